import { type ClipModel, type ClipModelOptions, openClipModel } from '#clip';
import { type EncodeItem, releaseMemory } from '#core';
import type { EncodeOutcome, VectorEncoder } from './vector-encoder.js';

/** More pictures a batch are no faster on a CPU; a GPU wants more (libs/clip, `CPU_TUNING`). */
const BATCH_ITEMS = { cpu: 16, gpu: 64 } as const;

/**
 * Loads the model into this process. One batch is decoded while the one before runs, and no more are held, so that
 * memory is that of the model and two batches.
 *
 * @throws DomainError `unavailable` when the model cannot be loaded
 */
export async function openEmbeddedEncoder(options: ClipModelOptions): Promise<VectorEncoder> {
  const model = await openClipModel(options);
  const batchItemsMax = options.provider === 'cpu' ? BATCH_ITEMS.cpu : BATCH_ITEMS.gpu;
  await model.warmUp({ itemsMax: batchItemsMax });
  releaseMemory();
  return new EmbeddedEncoder(model, batchItemsMax);
}

class EmbeddedEncoder implements VectorEncoder {
  readonly batchesAtOnce = 2;
  private lastRun: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clip: ClipModel,
    readonly batchItemsMax: number,
  ) {}

  get model(): string {
    return this.clip.info.name;
  }

  get dimension(): number {
    return this.clip.info.dimension;
  }

  encode(items: readonly EncodeItem[]): Promise<readonly EncodeOutcome[]> {
    const preparing = this.clip.prepare(items);
    const run = this.lastRun.then(async () => this.clip.run(await preparing));
    this.lastRun = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    await this.lastRun;
    await this.clip.close();
  }
}
