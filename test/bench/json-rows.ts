import { bareOf, ratioToBare, type Figures } from './figures.js';
import type { ModelFigures } from './measure.js';
import { rounded } from './statistics.js';

/** One row of `--json`: what is compared over versions. */
export interface JsonRow {
  readonly case: string;
  readonly itemsPerSecond: number;
  /** Latencies are null where only a rate was measured. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /**
   * The bare loop at the batch that the case can fill, with decoding for images; null where there is none to compare
   * with.
   */
  readonly bareItemsPerSecond: number | null;
  readonly ratioToBare: number | null;
}

/**
 * The loads, our server's and the Python server's, then the loops without a service and the loads that are no plain
 * ones.
 */
export function jsonRows(models: readonly ModelFigures[]): JsonRow[] {
  return models.flatMap(({ model, loads, python, yardsticks, bulk, overload }) => [
    ...[...loads, ...python].map(loadRow),
    ...yardsticks.map(({ modality, loop, batch, result }) =>
      row(`${model}/${modality}/bare ${loop}/${batch}`, result.itemsPerSecond, result.p50Ms, null),
    ),
    ...(bulk
      ? [
          row(`${model}/text/bulk stream`, bulk.bulkPerSecond, null, null),
          row(`${model}/text/interactive alone`, bulk.interactivePerSecond, bulk.aloneP50Ms, bulk.aloneP99Ms),
          row(`${model}/text/interactive beside bulk`, bulk.interactivePerSecond, bulk.besideP50Ms, bulk.besideP99Ms),
        ]
      : []),
    ...(overload
      ? [
          row(`${model}/text/peak before overload`, overload.peak, null, null),
          row(`${model}/text/goodput in overload`, overload.goodput, overload.p50Ms, overload.p99Ms),
          row(`${model}/text/refusals in overload`, 0, overload.refusalP50Ms, overload.refusalP99Ms),
        ]
      : []),
  ]);
}

function loadRow(figures: Figures): JsonRow {
  const bare = bareOf(figures);
  const ratio = ratioToBare(figures);
  return {
    ...row(figures.benchCase.name, figures.itemsPerSecond, figures.p50Ms, figures.p99Ms),
    bareItemsPerSecond: bare ? rounded(bare.itemsPerSecond, 1) : null,
    ratioToBare: ratio === undefined ? null : rounded(ratio, 3),
  };
}

function row(name: string, itemsPerSecond: number, p50Ms: number | null, p99Ms: number | null): JsonRow {
  return {
    case: name,
    itemsPerSecond: rounded(itemsPerSecond, 1),
    p50Ms: p50Ms === null ? null : rounded(p50Ms, 2),
    p99Ms: p99Ms === null ? null : rounded(p99Ms, 2),
    bareItemsPerSecond: null,
    ratioToBare: null,
  };
}
