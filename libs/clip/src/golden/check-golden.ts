import { DomainError, towerOf } from '#core';
import type { ClipModel } from '../model/clip-model.js';
import { cosine } from '../model/similarity.js';
import { type Golden, type GoldenItem, readGolden, type TokenText } from './golden-file.js';

/** What a check found. */
export interface GoldenReport {
  readonly items: number;
  /** The least cosine of all items. */
  readonly cosineMin: number;
  /** Texts that got the token ids of the file, each of them exactly. */
  readonly tokenTexts: number;
}

/**
 * Holds an opened model to the `golden.json` of its folder: files that do not belong together, an unfit tokenizer or
 * preprocessing and a device that computes wrongly all show here, before the first caller. Resolves to undefined when
 * the folder has no such file; rejects with `unavailable` when a text's token ids are others than its reference (naming
 * the first), or a vector is too far from its reference (naming the worst). Both towers have run afterwards, so the
 * check is a warm-up too.
 */
export async function checkGolden(model: ClipModel, folder: string): Promise<GoldenReport | undefined> {
  const golden = await readGolden(folder);
  return golden && compareWithGolden(model, golden);
}

/** `checkGolden` with the file already read. */
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
  if (worst.cosine < golden.cosineMin) throw astray(model, worst, golden.cosineMin);
  return { items: found.length, cosineMin: worst.cosine, tokenTexts: golden.tokenTexts.length };
}

/** Exactly, since a single other id is another text to the model, however near the vectors of a few captions may be. */
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
    if (!result?.ok) throw unanswered(model, item, result?.error.message ?? 'no result');
    return { item, cosine: alike(result.embedding, item.vector) };
  });
}

/** Below every bound for vectors that cannot be compared: of another length, or holding what is no number. */
function alike(vector: Float32Array, reference: Float32Array): number {
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
