import { DomainError, type EncodeItem, type ModelInfo, type Tower, towerOf } from '#core';
import type { ImageLimits } from './image/image-limits.js';
import { modelBroken } from './json-fields.js';
import { readModelFiles } from './model-files.js';
import type { Encoded } from './session/encoded.js';
import { openSession, type Provider } from './session/open-session.js';
import { type TextualBatch, TextualTower } from './session/textual-tower.js';
import { type VisualBatch, VisualTower } from './session/visual-tower.js';
import { openTokenizer } from './tokenizer/open-tokenizer.js';
import { warmUpItems } from './warm-up-items.js';

export interface ClipModelOptions {
  /** The model's folder: `visual.onnx`, `textual.onnx`, `tokenizer.json`, `preprocess_config.json`, `config.json`. */
  readonly folder: string;
  /** The name that callers know the model by. */
  readonly name: string;
  /** CPU cores one run may use. */
  readonly threads: number;
  readonly provider: Provider;
  readonly imageLimits: ImageLimits;
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
  /** One result per item, in their order. Rejects only when the ONNX run itself fails. */
  run(batch: PreparedBatch): Promise<Encoded[]>;
  /** Passes real items through both towers, so that the first caller does not pay for lazy set-up. */
  warmUp(): Promise<void>;
  /** Frees the sessions. Call it after the last `run` has settled. */
  close(): Promise<void>;
}

/**
 * Loads a model. Rejects with `unavailable` when files are missing or unfit for each other, or when the provider or
 * its device is not there.
 */
export async function openClipModel(options: ClipModelOptions): Promise<ClipModel> {
  const files = await readModelFiles(options.folder, options.name);
  const { info, preprocessing } = files;
  const tokenizer = openTokenizer(files.tokenizer);
  const visual = await openSession(files.visualPath, options.provider, options.threads);
  const textual = await openSession(files.textualPath, options.provider, options.threads);
  return new TwoTowerModel(
    info,
    new VisualTower(visual, preprocessing, options.imageLimits, info.dimension),
    new TextualTower(textual, tokenizer, info.contextLength, info.dimension),
    options.provider === 'cpu' ? [1] : GPU_WARM_UP_SIZES,
    async () => {
      await Promise.all([visual.release(), textual.release()]);
    },
  );
}

/** cuDNN searches for its algorithms once per input shape; these are the batch sizes that callers meet most. */
const GPU_WARM_UP_SIZES = [1, 2, 4, 8, 16, 32];

class TwoTowerModel implements ClipModel {
  constructor(
    readonly info: ModelInfo,
    private readonly visual: VisualTower,
    private readonly textual: TextualTower,
    private readonly warmUpSizes: readonly number[],
    readonly close: () => Promise<void>,
  ) {}

  async prepare(items: readonly EncodeItem[]): Promise<PreparedBatch> {
    const tower = onlyTower(items);
    return tower === 'visual' ? this.visual.prepare(items) : this.textual.prepare(items);
  }

  async run(batch: PreparedBatch): Promise<Encoded[]> {
    return batch.tower === 'visual' ? this.visual.run(batch) : this.textual.run(batch);
  }

  async warmUp(): Promise<void> {
    for (const size of this.warmUpSizes) {
      for (const item of warmUpItems(this.info.imageSize)) {
        const results = await this.run(await this.prepare(Array.from({ length: size }, () => item)));
        const failed = results.find((result) => !result.ok);
        if (failed && !failed.ok) throw modelBroken('its first run failed', failed.error.message);
      }
    }
  }
}

/** The one tower that all items need; an empty batch goes to either. */
function onlyTower(items: readonly EncodeItem[]): Tower {
  const towers = new Set(items.map(towerOf));
  if (towers.size > 1) throw new DomainError('invalid_argument', 'A batch holds texts or images, not both.');
  return towers.values().next().value ?? 'textual';
}
