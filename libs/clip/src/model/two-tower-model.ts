import { DomainError, type EncodeItem, type ModelInfo, type Tower, towerOf } from '#core';
import type { ClipModel, ClipModelOptions, PreparedBatch, WarmUpOptions } from './clip-model.js';
import { modelBroken } from '../files/json-fields.js';
import { readModelFiles } from '../files/model-files.js';
import { openTowers, type Warn } from './open-towers.js';
import type { Encoded } from '../session/encoded.js';
import { runningError } from '../session/opening-error.js';
import type { Provider } from '../session/provider.js';
import { TextualTower } from '../session/textual-tower.js';
import { VisualTower } from '../session/visual-tower.js';
import { openTokenizer } from '../tokenizer/open-tokenizer.js';
import { warmUpBatches, warmUpItems } from './warm-up.js';

/** Does the work of `openClipModel`. This file and what it imports load the native libraries. */
export async function openTwoTowerModel(options: ClipModelOptions, warn: Warn): Promise<ClipModel> {
  const files = await readModelFiles(options.folder, options.name);
  const { info, preprocessing, textRules } = files;
  const tokenizer = openTokenizer(files.tokenizer, textRules);
  const { visual, textual, rowsMax } = await openTowers(files, options, warn);
  const { picturesPerRun, runCostTokens } = options.provider === 'cpu' ? CPU_TUNING : GPU_TUNING;
  const rowsPerRun = Math.min(picturesPerRun, rowsMax ?? Infinity);
  const visualTower = new VisualTower(visual, preprocessing, options.imageLimits, info.dimension, rowsPerRun);
  return new TwoTowerModel(
    info,
    visualTower,
    await TextualTower.open(textual, tokenizer, { ...info, padding: textRules.padding, rowsMax }, runCostTokens),
    options.provider,
    async () => {
      await Promise.all([visualTower.close(), visual.release(), textual === visual ? undefined : textual.release()]);
    },
  );
}

interface Tuning {
  readonly picturesPerRun: number;
  /** The cost of one more run of texts, in tokens of work. Splitting a batch must save more padding than this. */
  readonly runCostTokens: number;
}

/**
 * More than 8 pictures a run are no faster on CPU cores, but hold the event loop longer and take several times the
 * memory. The fixed part of a run takes as long as about 10 tokens of mini-clip.
 */
const CPU_TUNING: Tuning = { picturesPerRun: 8, runCostTokens: 16 };

/** A GPU takes a whole batch in little more time than one item. */
const GPU_TUNING: Tuning = { picturesPerRun: Infinity, runCostTokens: 2048 };

class TwoTowerModel implements ClipModel {
  constructor(
    readonly info: ModelInfo,
    private readonly visual: VisualTower,
    private readonly textual: TextualTower,
    private readonly provider: Provider,
    readonly close: () => Promise<void>,
  ) {}

  async prepare(items: readonly EncodeItem[]): Promise<PreparedBatch> {
    const tower = onlyTower(items);
    return tower === 'visual' ? this.visual.prepare(items) : this.textual.prepare(items);
  }

  tokenIds(text: string): readonly number[] {
    return this.textual.tokenIds(text);
  }

  async run(batch: PreparedBatch): Promise<Encoded[]> {
    const running = batch.tower === 'visual' ? this.visual.run(batch) : this.textual.run(batch);
    return running.catch((cause: unknown) => {
      throw runningError(this.provider, cause);
    });
  }

  async warmUp({ itemsMax }: WarmUpOptions): Promise<void> {
    const batches = this.provider === 'cpu' ? warmUpItems(this.info) : warmUpBatches(this.info, itemsMax);
    for (const items of batches) {
      const results = await this.run(await this.prepare(items));
      const failed = results.find((result) => !result.ok);
      if (failed && !failed.ok) throw modelBroken('its first run failed', failed.error.message);
    }
  }
}

/** Returns the one tower that all items need; either one for an empty batch. */
function onlyTower(items: readonly EncodeItem[]): Tower {
  const towers = new Set(items.map(towerOf));
  if (towers.size > 1) throw new DomainError('invalid_argument', 'A batch holds texts or images, not both.');
  return towers.values().next().value ?? 'textual';
}
