import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { systemClock } from '#core';
import type { CommandTools } from '../../command-tools.js';
import { wholeNumber } from '../../commands/option-values.js';
import { table } from '../../terminal/table.js';
import { localModel } from '../local-model.js';
import { onModelStore } from '../on-model-store.js';
import { compareModels, type TowerComparison } from './compare-models.js';
import { collectSamples, type OwnSamples } from './samples.js';

interface CompareOptions extends OwnSamples {
  readonly device: string;
  readonly threads: number;
}

/** `cas models compare`: how much likeness a variant costs and how much speed it gains on this host. */
export function addCompare(models: Command, tools: CommandTools): void {
  const compare = models
    .command('compare <first> <second>')
    .description(
      'Encodes the same texts and pictures with two models of this host; prints how alike the vectors are, and the speeds',
    )
    .option('--texts <file>', 'Texts to encode, one a line, instead of the fixed ones')
    .option('--images <folder>', 'A folder of pictures to encode, instead of the drawn ones')
    .option('--device <device>', 'Where both run: cpu, cuda:0, tensorrt:0 …', 'cpu')
    .option('--threads <count>', 'CPU cores that a run may use', wholeNumber, availableParallelism())
    .addHelpText('after', '\nExample: cas models compare ViT-B-32::openai ViT-B-32::openai@int8');
  compare.action(async (first: string, second: string) => {
    const { device, threads, ...own } = tools.optionsOf<CompareOptions>(compare);
    const { parseDevice } = await import('#inference');
    const provider = parseDevice(device);
    const samples = await collectSamples(own, tools.surroundings.cwd);
    const towers = await onModelStore(compare, tools, async (store) => {
      const found = [await localModel(store, first), await localModel(store, second)] as const;
      tools.say(compare, `Encoding ${samples.textual.length} texts and ${samples.visual.length} images with each.`);
      return compareModels(found, samples, { provider, threads }, systemClock);
    });
    const json = { first, second, device, threads, towers: towers.map(asJson) };
    tools.answer(compare, { json, text: asTable(towers, first, second) });
  });
}

function asJson({ itemsPerSecond: [first, second], ...rest }: TowerComparison): Readonly<Record<string, unknown>> {
  return { ...rest, itemsPerSecond: { first, second } };
}

const TOWER_NAMES = { textual: 'texts', visual: 'images' } as const;

function asTable(towers: readonly TowerComparison[], first: string, second: string): string {
  return table(
    ['', 'ITEMS', 'LEAST COSINE', 'MEAN COSINE', 'FURTHEST', `${first} ITEMS/S`, `${second} ITEMS/S`],
    towers.map(({ tower, items, cosineMin, cosineMean, furthest, itemsPerSecond }) => [
      TOWER_NAMES[tower],
      String(items),
      cosineMin.toFixed(6),
      cosineMean.toFixed(6),
      furthest,
      ...itemsPerSecond.map((rate) => rate.toFixed(1)),
    ]),
  );
}
