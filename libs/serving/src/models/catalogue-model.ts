import type { ModelFacts } from './model-facts.js';

/** A model that the service knows by name, as far as those who choose one want to know. */
export interface CatalogueModel extends ModelFacts {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The licence of the weights, as their publisher names it. */
  readonly licence: string;
  /** About the size of the download, in bytes. */
  readonly bytes: number;
  /** The repository on the hub, and its page; null when nobody publishes files that can be served. */
  readonly repository: string | null;
  readonly page: string | null;
  /** Published variants beside float32, as in `name@variant`. */
  readonly variants: readonly string[];
  readonly note: string | null;
}
