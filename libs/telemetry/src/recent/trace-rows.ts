import type { BatchTraceEntity, RequestTraceEntity } from '#database';
import type { Kept } from '../tracing/records.js';
import type { StoredBatch } from './stored-batch.js';
import { traceKey, type RideSummary, type StoredTrace, type TraceSummary } from './stored-trace.js';

/**
 * Bytes of a row beside its `detail`, as the size limit counts them: the other columns, and the entries in the indexes.
 */
const ROW_BYTES = 700;

/** What is written of a request. Texts are cut to what the columns hold. */
export function rowOfTrace({ summary, detail }: StoredTrace): RequestTraceEntity {
  return {
    id: traceKey(summary),
    traceId: fit(summary.traceId, 32),
    spanId: fit(summary.spanId, 16),
    requestId: fit(summary.requestId, 128),
    pod: fit(summary.pod, 253),
    startedAtMs: summary.startedAtMs,
    durationUs: Math.round(summary.durationMs * 1000),
    protocol: fit(summary.protocol, 20),
    operation: fit(summary.operation, 60),
    model: summary.model === undefined ? null : fit(summary.model, 200),
    outcome: fit(summary.outcome, 60),
    principalId: fit(summary.principalId, 64),
    items: summary.items,
    kept: summary.kept,
    queueUs: summary.ride === undefined ? null : Math.round(summary.ride.queueMs * 1000),
    replica: summary.ride === undefined ? null : fit(summary.ride.replica, 200),
    device: summary.ride === undefined ? null : fit(summary.ride.device, 60),
    batchItems: summary.ride?.items ?? null,
    batchItemsMax: summary.ride?.itemsMax ?? null,
    bytes: ROW_BYTES + Buffer.byteLength(detail),
    detail,
  };
}

/** What is written of a batch. */
export function rowOfBatch({ id, startedAtMs, detail }: StoredBatch): BatchTraceEntity {
  return { id: fit(id, 64), startedAtMs, bytes: ROW_BYTES + Buffer.byteLength(detail), detail };
}

/** Gives a request back from its row. */
export function summaryOfRow(row: Omit<RequestTraceEntity, 'id' | 'bytes' | 'detail'>): TraceSummary {
  const { traceId, spanId, requestId, pod, startedAtMs, protocol, operation, outcome, principalId, items } = row;
  return {
    ...{ traceId, spanId, requestId, pod, startedAtMs, protocol, operation, outcome, principalId, items },
    durationMs: row.durationUs / 1000,
    model: row.model ?? undefined,
    kept: keptOf(row.kept),
    ride: rideOfRow(row),
  };
}

function rideOfRow({ queueUs, replica, device, batchItems, batchItemsMax }: RideColumns): RideSummary | undefined {
  if (replica === null || device === null || batchItems === null) return undefined;
  return { queueMs: (queueUs ?? 0) / 1000, replica, device, items: batchItems, itemsMax: batchItemsMax ?? undefined };
}

type RideColumns = Pick<RequestTraceEntity, 'queueUs' | 'replica' | 'device' | 'batchItems' | 'batchItemsMax'>;

const KEPT: readonly Kept[] = ['sampled', 'failed', 'slow', 'quiet'];

/** A newer version of the service may know more words. */
function keptOf(word: string): Kept {
  return KEPT.find((known) => known === word) ?? 'sampled';
}

/** PostgreSQL would refuse the row, and all that are written with it, for one text that is too long or has a NUL. */
function fit(text: string, charsMax: number): string {
  return text.replaceAll('\0', '').slice(0, charsMax);
}
