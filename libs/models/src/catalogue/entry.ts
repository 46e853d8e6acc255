import type { Layout } from '#clip';
import type { Precision } from './precision.js';

/** A model that the service knows by name. */
export interface CatalogueEntry {
  readonly name: string;
  /** Other names for it: the short ones of OpenAI, and the spellings of other catalogues. */
  readonly aliases: readonly string[];
  /** The repository on the hub; undefined = nobody publishes ONNX files of it, and `note` says what to do. */
  readonly repository: string | undefined;
  readonly layout: Layout;
  /**
   * The variants that the repository is known to publish beside float32, as `name@precision`. What it holds on the day is asked
   * of the hub, so others may be there.
   */
  readonly variants: readonly Precision[];
  readonly dimension: number;
  readonly imageSize: number;
  /** Of the weights, as their publisher names it. */
  readonly licence: string;
  /** About how large the download is, in megabytes (10^6 bytes): four bytes a parameter where nobody says. */
  readonly megabytes: number;
  /**
   * `run`: these very files were served by this version. `read`: repository, layout and sizes were read in public pages
   * and sources, but the files were never run.
   */
  readonly checked: 'read' | 'run';
  readonly note?: string;
}
