import { DomainError, type InputItem, type ItemResult } from '#core';
import type { ReplayCalls } from '../services/admin-services.js';
import type { ReplayedModelView, ReplayView } from './stored-request.dto.js';

/** Items of a request that are run again; the first of them. */
const ITEMS_MAX = 64;

/**
 * Runs what a request sent on some models, one after the other, and compares: images with texts where there are both,
 * else all with all. A model that fails leaves its part with the reason.
 *
 * @param now milliseconds of a clock
 */
export async function replay(
  calls: ReplayCalls,
  stored: readonly InputItem[],
  models: readonly string[],
  now: () => number,
): Promise<ReplayView> {
  const items = stored.slice(0, ITEMS_MAX);
  const { rows, columns } = pairsOf(items);
  const answers: ReplayedModelView[] = [];
  for (const model of models) answers.push(await runOn(calls, model, items, { rows, columns }, now));
  return { rows, columns, models: answers };
}

async function runOn(
  calls: ReplayCalls,
  model: string,
  items: readonly InputItem[],
  { rows, columns }: Pick<ReplayView, 'rows' | 'columns'>,
  now: () => number,
): Promise<ReplayedModelView> {
  const startMs = now();
  try {
    const { model: info, results } = await calls.encode(model, items);
    const durationMs = now() - startMs;
    const cosines = rows.map((row) => columns.map((column) => cosineOf(results[row], results[column])));
    return { model, durationMs, dimension: info.dimension, error: null, cosines };
  } catch (err) {
    return { model, durationMs: null, dimension: null, error: DomainError.from(err).message, cosines: [] };
  }
}

function pairsOf(items: readonly InputItem[]): Pick<ReplayView, 'rows' | 'columns'> {
  const all = items.map((_, at) => at);
  const [texts, images] = [true, false].map((isText) => all.filter((at) => (items[at]?.kind === 'text') === isText));
  if (!texts?.length || !images?.length) return { rows: all, columns: all };
  return { rows: images, columns: texts };
}

function cosineOf(a: ItemResult | undefined, b: ItemResult | undefined): number | null {
  if (!a?.ok || !b?.ok) return null;
  const [va, vb] = [a.embedding, b.embedding];
  let [dot, normA, normB] = [0, 0, 0];
  va.forEach((value, at) => {
    const other = vb[at] ?? 0;
    dot += value * other;
    normA += value * value;
    normB += other * other;
  });
  const cosine = dot / Math.sqrt(normA * normB);
  return Number.isFinite(cosine) ? Math.round(cosine * 1e6) / 1e6 : null;
}
