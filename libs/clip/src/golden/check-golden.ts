import { DomainError, towerOf } from '#core';
import type { ClipModel } from '../model/clip-model.js';
import { cosine } from '../model/similarity.js';
import { type Golden, type GoldenItem, readGolden, type TokenText } from './golden-file.js';

/** The result of a check that passed. */
export interface GoldenReport {
  readonly items: number;
  /** The least cosine of all items. */
  readonly cosineMin: number;
  /** Texts whose token ids were compared; all were equal. */
  readonly tokenTexts: number;
}

/**
 * Compares an opened model with the `golden.json` of its folder. It finds files that do not belong together, a
 * tokenizer or preprocessing that does not fit, and a device that computes wrongly, before the first caller does.
 * Returns undefined when the folder has no such file. Rejects with `unavailable` when the token ids of a text differ
 * from its reference (it names the first), or when a vector is too far from its reference (it names the worst).
 *
 * @example
 * const report = await checkGolden(model, folder);
 * if (report) console.log(`least cosine ${report.cosineMin} of ${report.items} items`);
 */
export async function checkGolden(model: ClipModel, folder: string): Promise<GoldenReport | undefined> {
  const golden = await readGolden(folder);
  return golden && compareWithGolden(model, golden);
}

/** Does the work of `checkGolden` with the file already read. */
export async function compareWithGolden(model: ClipModel, golden: Golden): Promise<GoldenReport> {
  for (const text of golden.tokenTexts) requireSameIds(model, text);
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
  if (worst.cosine < golden.cosineMin) throw tooFar(model, worst, golden.cosineMin);
  return { items: found.length, cosineMin: worst.cosine, tokenTexts: golden.tokenTexts.length };
}

/** Requires equal ids: one other id is another text to the model, however near the vectors of a few captions may be. */
function requireSameIds(model: ClipModel, { label, text, ids }: TokenText): void {
  const found = model.tokenIds(text);
  const length = Math.max(found.length, ids.length);
  for (let at = 0; at < length; at++) {
    if (found[at] !== ids[at]) throw otherIds(model, label, at, found[at], ids[at]);
  }
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
    if (!result?.ok) throw notEncoded(model, item, result?.error.message ?? 'no result');
    return { item, cosine: similarity(result.embedding, item.vector) };
  });
}

/** Compares two vectors; -Infinity for those of another length or with values that are no numbers. */
function similarity(vector: Float32Array, reference: Float32Array): number {
  const found = vector.length === reference.length ? cosine(vector, reference) : NaN;
  return Number.isNaN(found) ? -Infinity : found;
}

function otherIds(model: ClipModel, label: string, at: number, found?: number, asked?: number): DomainError {
  return new DomainError(
    'unavailable',
    `The model ${model.info.name} does not split texts as its golden.json asks for: the ids of ${label} part at place ${at + 1}, ` +
      `with ${found ?? 'no more id'} instead of ${asked ?? 'no more id'}. Its tokenizer.json, or what config.json says of texts, is ` +
      'not of the same export, or the file holds a part that this service does not treat alike. Export or download the model anew.',
  );
}

function tooFar(model: ClipModel, { item, cosine: found }: Found, least: number): DomainError {
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

function notEncoded(model: ClipModel, item: GoldenItem, reason: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model ${model.info.name} cannot encode ${item.label} of its golden.json: ${reason} ` +
      'Export or download the model anew.',
  );
}
