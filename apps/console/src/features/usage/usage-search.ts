/** What the usage can be told apart by. */
export const SPLITS = ['model', 'token', 'protocol', 'outcome'] as const;

export type Split = (typeof SPLITS)[number];

/** What is counted. */
export const MEASURES = ['requests', 'items', 'refused'] as const;

export type Measure = (typeof MEASURES)[number];

/** The spans that are offered, in days. */
export const DAYS = [1, 7, 30, 90, 365] as const;

/** What the address of the usage page holds. `from` and `to` (milliseconds) count more than `days`. */
export interface UsageSearch {
  readonly days?: number;
  readonly from?: number;
  readonly to?: number;
  readonly by?: 'hour' | 'day';
  readonly split?: Split;
  readonly measure?: Measure;
  readonly token?: string;
  readonly model?: string;
  readonly protocol?: string;
  readonly outcome?: string;
}

/** A change of the address; undefined takes a key out. */
export type UsageSearchChange = { readonly [Key in keyof UsageSearch]?: UsageSearch[Key] | undefined };

/** Reads the address; what is not understood is left out. */
export function usageSearchOf(search: Record<string, unknown>): UsageSearch {
  const days = DAYS.find((one) => one === Number(search['days']));
  const [from, to] = [instantOf(search['from']), instantOf(search['to'])];
  const by = (['hour', 'day'] as const).find((one) => one === search['by']);
  const split = SPLITS.find((one) => one === search['split']);
  const measure = MEASURES.find((one) => one === search['measure']);
  const texts = SPLITS.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' && value.length <= 200 ? [[name, value] as const] : [];
  });
  return {
    ...(days === undefined ? {} : { days }),
    ...(from === undefined || to === undefined || from >= to ? {} : { from, to }),
    ...(by === undefined ? {} : { by }),
    ...(split === undefined ? {} : { split }),
    ...(measure === undefined ? {} : { measure }),
    ...Object.fromEntries(texts),
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The span that is shown, in whole hours, and the length of what one bar sums up. */
export function spanOf({ days = 7, from, to, by }: UsageSearch, nowMs: number): Span {
  const toMs = to ?? Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
  const fromMs = from ?? toMs - days * DAY_MS;
  const isLong = toMs - fromMs > 92 * DAY_MS;
  const step = isLong ? 'day' : (by ?? (toMs - fromMs <= 2 * DAY_MS ? 'hour' : 'day'));
  return { fromMs, toMs, by: step };
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: 'hour' | 'day';
}

/** The begins of the hours or days of a span, also of those in which nothing was. */
export function startsOf({ fromMs, toMs, by }: Span): number[] {
  const stepMs = by === 'hour' ? HOUR_MS : DAY_MS;
  const first = Math.floor(fromMs / stepMs) * stepMs;
  return Array.from({ length: Math.ceil((toMs - first) / stepMs) }, (_, at) => first + at * stepMs);
}

function instantOf(value: unknown): number | undefined {
  const ms = Number(value);
  return value !== undefined && Number.isSafeInteger(ms) && ms > 0 && ms < 8.64e15 ? ms : undefined;
}
