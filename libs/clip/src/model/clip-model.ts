import type { EncodeItem, ModelInfo } from '#core';
import type { ImageLimits } from '../image/image-limits.js';
import type { Encoded } from '../session/encoded.js';
import type { Provider } from '../session/provider.js';
import type { TextualBatch } from '../session/textual-tower.js';
import type { VisualBatch } from '../session/visual-tower.js';

/** What it takes to open a model: its files, its name, and what of the machine it may use. */
export interface ClipModelOptions {
  /** The model's folder: `visual.onnx`, `textual.onnx`, `tokenizer.json`, `preprocess_config.json`, `config.json`. */
  readonly folder: string;
  /** The name that callers know the model by. */
  readonly name: string;
  /** CPU cores one run may use. */
  readonly threads: number;
  readonly provider: Provider;
  /**
   * Of the GPU, as `nvidia-smi` says it (`8.9`); by it TensorRT engines that were prepared for such cards are found.
   */
  readonly computeCapability?: string;
  readonly imageLimits: ImageLimits;
}

/** What a model is warmed up for. */
export interface WarmUpOptions {
  /** The largest batch that will be run, in items. */
  readonly itemsMax: number;
}

/** A batch between `prepare` and `run`; what is inside is the model's own business. Run it once. */
export type PreparedBatch = VisualBatch | TextualBatch;

/**
 * One CLIP model in this process. `run` blocks the event loop while ONNX works, so it belongs in a process of its own;
 * `prepare` decodes on other threads and may overlap an earlier batch's run.
 */
export interface ClipModel {
  readonly info: ModelInfo;
  /**
   * Decodes and preprocesses, or tokenizes, items of one modality. An item that fails keeps its error for `run` to
   * report. Rejects with `invalid_argument` when texts and images are mixed.
   */
  prepare(items: readonly EncodeItem[]): Promise<PreparedBatch>;
  /** The ids that the textual tower is fed for a text: start and end token included, cut to the context, not padded. */
  tokenIds(text: string): readonly number[];
  /** One result per item, in their order. Rejects only when the ONNX run itself fails. */
  run(batch: PreparedBatch): Promise<Encoded[]>;
  /**
   * Runs items through both towers, so that the first caller does not pay for what the device sets up lazily. A CPU
   * needs one item per tower; a GPU needs batches of every size that it will meet often. Rejects with `unavailable`
   * when an item fails.
   */
  warmUp(options: WarmUpOptions): Promise<void>;
  /** Frees the sessions. Call it after the last `run` has settled. */
  close(): Promise<void>;
}
