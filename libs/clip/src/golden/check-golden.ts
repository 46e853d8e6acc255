import { DomainError, towerOf } from '#core';
import type { ClipModel } from '../clip-model.js';
import { cosine } from '../similarity.js';
import { type Golden, type GoldenItem, readGolden } from './golden-file.js';

/** What a check found. */
export interface GoldenReport {
  readonly items: number;
  /** The least cosine of all items. */
  readonly cosineMin: number;
}

/**
 * Holds an opened model to the `golden.json` of its folder: files that do not belong together, an unfit tokenizer or
 * preprocessing and a device that computes wrongly all show here, before the first caller. Resolves to undefined when
 * the folder has no such file; rejects with `unavailable`, naming the worst item, when a vector is too far from its
 * reference. Both towers have run afterwards, so the check is a warm-up too.
 */
export async function checkGolden(model: ClipModel, folder: string): Promise<GoldenReport | undefined> {
  const golden = await readGolden(folder);
  return golden && compareWithGolden(model, golden);
}

/** `checkGolden` with the file already read. */
export async function compareWithGolden(model: ClipModel, golden: Golden): Promise<GoldenReport> {
  const found: Found[] = [];
  for (const tower of ['textual', 'visual'] as const) {
    found.push(
      ...(await encode(
        model,
        golden.items.filter(({ item }) => towerOf(item) === tower),
      )),
    );
  }
  const worst = found.reduce((least, next) => (next.cosine >= least.cosine ? least : next));
  if (worst.cosine < golden.cosineMin) throw astray(model, worst, golden.cosineMin);
  return { items: found.length, cosineMin: worst.cosine };
}

interface Found {
  readonly item: GoldenItem;
  readonly cosine: number;
}

async function encode(model: ClipModel, items: readonly GoldenItem[]): Promise<Found[]> {
  if (items.length === 0) return [];
  const results = await model.run(await model.prepare(items.map(({ item }) => item)));
  return items.map((item, at) => {
    const result = results[at];
    if (!result?.ok) throw unanswered(model, item, result?.error.message ?? 'no result');
    return { item, cosine: alike(result.embedding, item.vector) };
  });
}

/** Below every bound for vectors that cannot be compared: of another length, or holding what is no number. */
function alike(vector: Float32Array, reference: Float32Array): number {
  const found = vector.length === reference.length ? cosine(vector, reference) : NaN;
  return Number.isNaN(found) ? -Infinity : found;
}

function astray(model: ClipModel, { item, cosine: found }: Found, least: number): DomainError {
  const how = !Number.isFinite(found)
    ? 'cannot be compared with its reference'
    : `has a cosine of ${found.toFixed(5)} with its reference, and at least ${least} is asked for`;
  return new DomainError(
    'unavailable',
    `The model ${model.info.name} does not give the vectors that its golden.json asks for: ${item.label} ${how}. ` +
      'Its files are not of one export, or this device computes them wrongly. Export or download the model anew, or ' +
      'place it on another device.',
    { internal: `vector of ${item.vector.length}, dimension ${model.info.dimension}` },
  );
}

function unanswered(model: ClipModel, item: GoldenItem, reason: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model ${model.info.name} cannot encode ${item.label} of its golden.json: ${reason} ` +
      'Export or download the model anew.',
  );
}
