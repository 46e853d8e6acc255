import type { EncodeItem, ModelInfo } from '#core';
import type { ImageLimits } from '../image/image-limits.js';
import type { Encoded } from '../session/encoded.js';
import type { Provider } from '../session/provider.js';
import type { TextualBatch } from '../session/textual-tower.js';
import type { VisualBatch } from '../session/visual-tower.js';

/** What opening a model takes: its files, its name, and the cores and device that it may use. */
export interface ClipModelOptions {
  /** The model's folder, in any layout that `layoutOf` knows. */
  readonly folder: string;
  /** The name that callers use. */
  readonly name: string;
  /** CPU cores that one run may use. */
  readonly threads: number;
  readonly provider: Provider;
  /**
   * The GPU's compute capability as `nvidia-smi` prints it (`8.9`). It finds the TensorRT engines prepared for such
   * cards.
   */
  readonly computeCapability?: string;
  readonly imageLimits: ImageLimits;
}

/** What a model is warmed up for. */
export interface WarmUpOptions {
  /** The largest batch that will be run, in items. */
  readonly itemsMax: number;
}

/** A batch between `prepare` and `run`. Only the model that made it reads it, and runs it once. */
export type PreparedBatch = VisualBatch | TextualBatch;

/**
 * One CLIP model in this process. `run` blocks the event loop while ONNX works, so a model belongs in a process of its
 * own. `prepare` decodes on other threads and may overlap an earlier batch's run.
 *
 * @example
 * const model = await openClipModel(options);
 * const batch = await model.prepare([{ kind: 'text', text: 'a photo of a cat' }]);
 * const [result] = await model.run(batch);
 * if (result?.ok) console.log(result.embedding.length); // 512
 */
export interface ClipModel {
  readonly info: ModelInfo;
  /**
   * Decodes and preprocesses images, or tokenizes texts. `run` reports the error of an item that fails. Rejects with
   * `invalid_argument` when texts and images are mixed.
   */
  prepare(items: readonly EncodeItem[]): Promise<PreparedBatch>;
  /**
   * Returns the ids that the textual tower gets for a text: start and end token included, cut to the context, not
   * padded.
   */
  tokenIds(text: string): readonly number[];
  /** Returns one result per item, in their order. Rejects only when the ONNX run itself fails. */
  run(batch: PreparedBatch): Promise<Encoded[]>;
  /**
   * Runs items through both towers, so that the first caller does not pay for what the device sets up lazily. A CPU
   * needs one item per tower; a GPU needs batches of every size that it will meet often. Rejects with `unavailable`
   * when an item fails.
   */
  warmUp(options: WarmUpOptions): Promise<void>;
  /** Releases the sessions. Call it after the last `run` has settled. */
  close(): Promise<void>;
}
