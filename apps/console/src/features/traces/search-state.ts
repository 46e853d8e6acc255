import { addressField } from '../../format/address-text.js';

/** Times that are often looked at, and their length in milliseconds. */
export const RANGES = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;

export type RangeName = keyof typeof RANGES;

/** What the address of the search holds. */
export interface TracesSearch {
  /** The query, as it is typed. */
  readonly q?: string;
  /** Up to now, so long back; left out = all that is kept. */
  readonly last?: RangeName;
  /** A time of its own instead, in milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  /** The request whose details are open: its trace and its own span. */
  readonly peek?: string;
  /** `errors`: a table of failures instead of the requests. */
  readonly view?: 'errors';
}

/** Reads an address; what means nothing is left out. */
export function validateTracesSearch(search: Record<string, unknown>): TracesSearch {
  const { q, last, from, to, peek, view } = search;
  return {
    ...addressField('q', q, Number.POSITIVE_INFINITY), // a query that is cut would be another one
    ...(isRangeName(last) ? { last } : {}),
    ...(isInstant(from) && isInstant(to) && from < to ? { from, to } : {}),
    ...addressField('peek', peek),
    ...(view === 'errors' ? { view } : {}),
  };
}

/** The begin and end that are asked for, at `nowMs`. */
export function rangeOf(search: TracesSearch, nowMs: number): { fromMs?: number; toMs?: number } {
  if (search.from !== undefined && search.to !== undefined) return { fromMs: search.from, toMs: search.to };
  return search.last === undefined ? {} : { fromMs: nowMs - RANGES[search.last] };
}

function isRangeName(value: unknown): value is RangeName {
  return typeof value === 'string' && Object.hasOwn(RANGES, value);
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 8.64e15;
}
