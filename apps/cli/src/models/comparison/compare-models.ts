import { type ClipModelOptions, cosine, IMAGE_LIMITS_DEFAULT, readModelInfo } from '#clip';
import type { LocalModel } from '#models';
import { type Clock, DomainError, type Tower } from '#core';
import { encodeSamples, type TowerRun } from './encode-samples.js';
import type { Samples } from './samples.js';

/** How alike the vectors of two models are, and how fast each made them. */
export interface TowerComparison {
  readonly tower: Tower;
  readonly items: number;
  readonly cosineMin: number;
  readonly cosineMean: number;
  /** The label of the sample with the least cosine. */
  readonly furthest: string;
  /** The speeds of the two models, in their order. */
  readonly itemsPerSecond: readonly [number, number];
}

/** Where both models run. */
export type ComparisonPlace = Pick<ClipModelOptions, 'provider' | 'threads'>;

/**
 * Encodes the samples with one model and then with the other, so that neither takes the other's cores and memory.
 *
 * @throws DomainError `invalid_argument` when their vectors have different lengths; as `encodeSamples`
 */
export async function compareModels(
  models: readonly [LocalModel, LocalModel],
  samples: Samples,
  place: ComparisonPlace,
  clock: Clock,
): Promise<TowerComparison[]> {
  await requireSameDimension(models);
  const runs: Readonly<Record<Tower, TowerRun>>[] = [];
  for (const model of models) runs.push(await encodeSamples({ ...optionsOf(model), ...place }, samples, clock));
  return (['textual', 'visual'] as const).map((tower) => {
    const [one, other] = runs.map((run) => run[tower]);
    if (!one || !other) throw new Error('two models were run');
    return compare(tower, samples, one, other);
  });
}

async function requireSameDimension(models: readonly LocalModel[]): Promise<void> {
  const infos = await Promise.all(models.map(({ folder, name }) => readModelInfo(folder, name)));
  if (new Set(infos.map(({ dimension }) => dimension)).size === 1) return;
  const [one, other] = infos.map(({ name, dimension }) => `${name} gives vectors of ${dimension} dimensions`);
  throw new DomainError(
    'invalid_argument',
    `${one}, and ${other}: they cannot be compared. Compare variants of one model, such as float32 and int8.`,
  );
}

function compare(tower: Tower, samples: Samples, one: TowerRun, other: TowerRun): TowerComparison {
  const found = samples[tower].map(({ label }, at) => {
    const [a, b] = [one.vectors[at], other.vectors[at]];
    if (!a || !b) throw new Error(`no vector of ${label}`);
    return { label, cosine: cosine(a, b) };
  });
  const furthest = found.reduce((least, next) => (next.cosine < least.cosine ? next : least));
  return {
    tower,
    items: found.length,
    cosineMin: furthest.cosine,
    cosineMean: found.reduce((sum, { cosine: value }) => sum + value, 0) / found.length,
    furthest: furthest.label,
    itemsPerSecond: [one.itemsPerSecond, other.itemsPerSecond],
  };
}

function optionsOf({ folder, name }: LocalModel): Pick<ClipModelOptions, 'folder' | 'name' | 'imageLimits'> {
  return { folder, name, imageLimits: IMAGE_LIMITS_DEFAULT };
}
