import type { ServiceMinutes, UsageRow } from '#metering';
import type { FiguresView, OverviewAnswer } from './overview.dto.js';

const ERRORS_SHOWN = 20;
const MODELS_SHOWN = 50;

/** The time that an overview is of, in milliseconds since 1970, and the length of a point. */
export interface OverviewPeriod {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** The figures of an overview. */
export type OverviewView = Pick<
  OverviewAnswer,
  'scope' | 'points' | 'total' | 'byError' | 'byModel' | 'byProtocol' | 'isPartial'
>;

/** What all processes did, for those who may see everybody's use. */
export function serviceView({ points, total, byError, byModel, byProtocol, isPartial }: ServiceMinutes): OverviewView {
  return {
    ...{ scope: 'service', points: [...points], total, isPartial },
    byError: byError.slice(0, ERRORS_SHOWN),
    byModel: byModel.slice(0, MODELS_SHOWN),
    byProtocol: [...byProtocol],
  };
}

/** What a member's own tokens did, by the hour. */
export function ownView(rows: readonly UsageRow[]): OverviewView {
  const hours = new Map<number, FiguresView>();
  const models = new Map<string, FiguresView>();
  const total = nothing();
  for (const row of rows) {
    for (const figures of [total, of(hours, row.startMs), of(models, row.model)]) {
      figures.requests += row.requests;
      figures.items += row.items;
      figures.errors += row.refused;
    }
  }
  const points = [...hours].sort(([a], [b]) => a - b).map(([atMs, figures]) => ({ atMs, ...figures }));
  const byModel = [...models].map(([model, figures]) => ({ model, ...figures }));
  byModel.sort((a, b) => b.requests - a.requests);
  const none = { byError: [], byProtocol: [], isPartial: false };
  return { scope: 'own', points, total, byModel: byModel.slice(0, MODELS_SHOWN), ...none };
}

function of<Key>(all: Map<Key, FiguresView>, key: Key): FiguresView {
  const known = all.get(key);
  if (known) return known;
  const figures = nothing();
  all.set(key, figures);
  return figures;
}

function nothing(): FiguresView {
  const counts = { requests: 0, items: 0, errors: 0, batches: 0, queueItemsMax: 0, queueAgeMsMax: 0 };
  return { ...counts, p50Ms: null, p95Ms: null, p99Ms: null, batchFill: null };
}
