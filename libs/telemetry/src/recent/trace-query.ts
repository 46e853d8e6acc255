import type { BatchRecord, TraceRecord } from '../tracing/records.js';
import { traceKey, type TraceSummary } from './stored-trace.js';
import type { GroupQuery, TraceGroups } from './trace-groups.js';
import { FAILED, holds, type TraceTerm } from './trace-terms.js';

/** Which requests to show. What is left out does not narrow. */
export interface TraceQuery {
  readonly model?: string | undefined;
  readonly operation?: string | undefined;
  readonly protocol?: string | undefined;
  /** `ok`, `item_failed`, an error code, or FAILED. */
  readonly outcome?: string | undefined;
  /** Only requests of these principals; none of them when empty. */
  readonly principalIds?: readonly string[] | undefined;
  readonly requestId?: string | undefined;
  readonly traceIds?: readonly string[] | undefined;
  /** Only requests that took longer. */
  readonly slowerThanMs?: number | undefined;
  /** When they began, in milliseconds since 1970, `toMs` excluded. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** What else must hold. */
  readonly terms?: readonly TraceTerm[] | undefined;
  /** Only what comes after this one: the last of the page before. */
  readonly after?: TracePosition | undefined;
  /** Most requests of the answer. */
  readonly limit: number;
}

/** A place in the order of all requests: the newest first, those of the same millisecond by their keys. */
export interface TracePosition {
  readonly startedAtMs: number;
  /** As `traceKey` gives it. */
  readonly key: string;
}

/** Where traces are kept. Answers have the newest first. */
export interface TraceStore {
  search(query: TraceQuery): TraceSummary[] | Promise<TraceSummary[]>;
  /** The same with all that is known of them. */
  read(query: TraceQuery): TraceRecord[] | Promise<TraceRecord[]>;
  /** Counts those that the query asks for, the newest of them first; `limit` and `after` narrow nothing. */
  count(query: TraceQuery, groups: GroupQuery): TraceGroups | Promise<TraceGroups>;
  batch(batchId: string): BatchRecord | undefined | Promise<BatchRecord | undefined>;
}

/** The place of a request in the order. */
export function positionOf(trace: TraceSummary): TracePosition {
  return { startedAtMs: trace.startedAtMs, key: traceKey(trace) };
}

/** Orders the newest first. */
export function byPosition(a: TracePosition, b: TracePosition): number {
  if (a.startedAtMs !== b.startedAtMs) return b.startedAtMs - a.startedAtMs;
  return a.key === b.key ? 0 : a.key < b.key ? 1 : -1;
}

/** The same order for requests. Few begin in the same millisecond, so that keys are hardly ever made. */
export function newestFirst(a: TraceSummary, b: TraceSummary): number {
  return b.startedAtMs - a.startedAtMs || byPosition(positionOf(a), positionOf(b));
}

/** Whether the query asks for the request. */
export function isAskedFor(trace: TraceSummary, query: TraceQuery): boolean {
  const { slowerThanMs = -1, fromMs = -Infinity, toMs = Infinity, principalIds, traceIds, after } = query;
  return (
    isOrUnset(query.model, trace.model) &&
    isOrUnset(query.operation, trace.operation) &&
    isOrUnset(query.protocol, trace.protocol) &&
    isOrUnset(query.requestId, trace.requestId) &&
    (query.outcome === FAILED ? trace.outcome !== 'ok' : isOrUnset(query.outcome, trace.outcome)) &&
    trace.durationMs > slowerThanMs &&
    trace.startedAtMs >= fromMs &&
    trace.startedAtMs < toMs &&
    (principalIds === undefined || principalIds.includes(trace.principalId)) &&
    (traceIds === undefined || traceIds.includes(trace.traceId)) &&
    (after === undefined || isAfter(trace, after)) &&
    (query.terms?.every((term) => holds(term, trace)) ?? true)
  );
}

function isAfter(trace: TraceSummary, after: TracePosition): boolean {
  if (trace.startedAtMs !== after.startedAtMs) return trace.startedAtMs < after.startedAtMs;
  return traceKey(trace) < after.key;
}

function isOrUnset(asked: string | undefined, value: string | undefined): boolean {
  return asked === undefined || asked === value;
}
