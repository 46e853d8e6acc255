import { z } from 'zod';
import type { TraceSummary } from './stored-trace.js';

/** The outcome that stands for every one but `ok`. */
export const FAILED = 'failed';

/** What requests are searched by that is a text: how it is read of a request, and the columns that hold it. */
export const TEXT_KEYS = {
  model: { read: ({ model }) => [model], columns: ['model'] },
  operation: { read: ({ operation }) => [operation], columns: ['operation'] },
  protocol: { read: ({ protocol }) => [protocol], columns: ['protocol'] },
  outcome: { read: ({ outcome }) => [outcome], columns: ['outcome'] },
  token: { read: ({ principalId }) => [principalId], columns: ['principalId'] },
  request: { read: ({ requestId }) => [requestId], columns: ['requestId'] },
  trace: { read: ({ traceId }) => [traceId], columns: ['traceId'] },
  /** A request id or a trace id, whichever it is. */
  id: { read: ({ requestId, traceId }) => [requestId, traceId], columns: ['requestId', 'traceId'] },
  pod: { read: ({ pod }) => [pod], columns: ['pod'] },
  replica: { read: ({ ride }) => [ride?.replica], columns: ['replica'] },
  device: { read: ({ ride }) => [ride?.device], columns: ['device'] },
  kept: { read: ({ kept }) => [kept], columns: ['kept'] },
} as const satisfies Record<
  string,
  {
    readonly read: (trace: TraceSummary) => readonly (string | undefined)[];
    readonly columns: readonly [string, ...string[]];
  }
>;

/** What requests are searched by that is a number. In SQL it is `column`, in `scale`ths of the number, over `over`. */
export const NUMBER_KEYS: Readonly<Record<NumberKey, NumberSource>> = {
  duration: { read: ({ durationMs }) => durationMs, column: 'durationUs', scale: 1000 },
  queue: { read: ({ ride }) => ride?.queueMs, column: 'queueUs', scale: 1000 },
  items: { read: ({ items }) => items, column: 'items' },
  'batch.size': { read: ({ ride }) => ride?.items, column: 'batchItems' },
  'batch.fill': { read: fillOf, column: 'batchItems', over: 'batchItemsMax' },
};

/** What a request may have or not. */
export const HAS_KEYS = {
  model: { read: ({ model }) => model !== undefined, condition: 'trace.model IS NOT NULL' },
  batch: { read: ({ ride }) => ride !== undefined, condition: 'trace.batchItems IS NOT NULL' },
  error: { read: ({ outcome }) => outcome !== 'ok', condition: "trace.outcome <> 'ok'" },
  token: { read: ({ principalId }) => principalId !== 'anonymous', condition: "trace.principalId <> 'anonymous'" },
} as const satisfies Record<string, { readonly read: (trace: TraceSummary) => boolean; readonly condition: string }>;

interface NumberSource {
  readonly read: (trace: TraceSummary) => number | undefined;
  readonly column: string;
  readonly scale?: number;
  readonly over?: string;
}

type NumberKey = 'duration' | 'queue' | 'items' | 'batch.size' | 'batch.fill';

const TERMS_MAX = 30;
const VALUES_MAX = 50;

const not = z.boolean().default(false);
const text = z.string().max(256);
const keyOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) =>
  z.custom<Key>((value) => typeof value === 'string' && Object.hasOwn(table, value));

/**
 * Conditions of which each must hold: any of some texts, a comparison of a number, or that there is something. `not`
 * turns one around, what has no such value included.
 */
export const traceTermsSchema = z
  .array(
    z.union([
      z.strictObject({ key: keyOf(TEXT_KEYS), not, any: z.array(text).min(1).max(VALUES_MAX) }),
      z.strictObject({
        ...{ key: keyOf(NUMBER_KEYS), not },
        ...{ compare: z.enum(['>', '>=', '<', '<=', '=']), value: z.number().min(0).max(1e12) },
      }),
      z.strictObject({
        key: z.literal('has'),
        not,
        any: z.array(keyOf(HAS_KEYS)).min(1).max(VALUES_MAX),
      }),
    ]),
  )
  .max(TERMS_MAX);

/** One condition of a search. */
export type TraceTerm = z.infer<typeof traceTermsSchema>[number];

/** Whether the request is as the condition says. */
export function holds(term: TraceTerm, trace: TraceSummary): boolean {
  return isSo(term, trace) !== term.not;
}

function isSo(term: TraceTerm, trace: TraceSummary): boolean {
  if ('compare' in term) {
    const value = NUMBER_KEYS[term.key].read(trace);
    return value !== undefined && COMPARISONS[term.compare](value, term.value);
  }
  if (term.key === 'has') return term.any.some((key) => HAS_KEYS[key].read(trace));
  const values = TEXT_KEYS[term.key].read(trace);
  if (term.key === 'outcome' && term.any.includes(FAILED) && trace.outcome !== 'ok') return true;
  return values.some((value) => value !== undefined && term.any.includes(value));
}

const COMPARISONS: Readonly<Record<'>' | '>=' | '<' | '<=' | '=', (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

/** The condition in SQL over the alias `trace`, with its values, whose names have `at` in them. */
export function conditionOf(term: TraceTerm, at: number): [sql: string, values: Record<string, unknown>] {
  const [sql, values] = plainConditionOf(term, `term${at}`);
  return [term.not ? `(${sql}) IS NOT TRUE` : `(${sql})`, values];
}

function plainConditionOf(term: TraceTerm, name: string): [string, Record<string, unknown>] {
  if ('compare' in term) {
    const { column, scale = 1, over } = NUMBER_KEYS[term.key];
    const asked = `CAST(:${name} AS double precision)${over === undefined ? '' : ` * trace.${over}`}`;
    return [`trace.${column} ${term.compare} ${asked}`, { [name]: term.value * scale }];
  }
  if (term.key === 'has') return [term.any.map((key) => HAS_KEYS[key].condition).join(' OR '), {}];
  const { columns } = TEXT_KEYS[term.key];
  const sql = columns.map((column) => `trace.${column} IN (:...${name})`).join(' OR ');
  const isFailed = term.key === 'outcome' && term.any.includes(FAILED);
  return [isFailed ? `${sql} OR trace.outcome <> 'ok'` : sql, { [name]: term.any }];
}

function fillOf({ ride }: TraceSummary): number | undefined {
  return ride?.itemsMax === undefined ? undefined : ride.items / ride.itemsMax;
}
