import { z } from 'zod';
import { ERROR_CODES, parseJson } from '#core';
import type { BatchRecord } from '../tracing/records.js';
import { compactSpans, compactSpansSchema, expandSpans } from './span-json.js';

/** An attempt at a batch as it is kept. */
export interface StoredBatch {
  /** The trace id of the batch. */
  readonly id: string;
  /** Whole milliseconds since 1970. */
  readonly startedAtMs: number;
  /** JSON. */
  readonly detail: string;
}

const detailSchema = z.object({
  pod: z.string(),
  durationMs: z.number(),
  model: z.string(),
  replica: z.string(),
  device: z.string(),
  tower: z.enum(['visual', 'textual']),
  items: z.number(),
  itemsMax: z.number().optional(),
  bytes: z.number(),
  tokensMax: z.number().optional(),
  attempt: z.number(),
  reason: z.enum(['full', 'idle_replica', 'waited', 'retry', 'costly']),
  error: z.enum(ERROR_CODES).optional(),
  riders: z.array(z.tuple([z.string(), z.string(), z.number()])),
  spans: compactSpansSchema,
});

/** Makes of an attempt at a batch what is kept of it. */
export function storeBatch(record: BatchRecord): StoredBatch {
  const { batchId, startedAtMs: exactMs, riders, spans, ...facts } = record;
  const startedAtMs = Math.floor(exactMs);
  const detail = {
    ...facts,
    riders: riders.map(({ requestId, traceId, items }) => [requestId, traceId, items]),
    spans: compactSpans(spans, { traceId: batchId, startedAtMs }),
  };
  return { id: Buffer.from(batchId).toString(), startedAtMs, detail: JSON.stringify(detail) };
}

/** Gives the batch back; undefined where another version of the service has written what this one cannot read. */
export function batchOf({ id: batchId, startedAtMs, detail }: StoredBatch): BatchRecord | undefined {
  const { data } = detailSchema.safeParse(parseJson(detail));
  if (data === undefined) return undefined;
  const { riders, spans, itemsMax, tokensMax, error, ...facts } = data;
  return {
    ...{ batchId, startedAtMs, ...facts },
    ...(itemsMax === undefined ? {} : { itemsMax }),
    ...(tokensMax === undefined ? {} : { tokensMax }),
    ...(error === undefined ? {} : { error }),
    riders: riders.map(([requestId, traceId, items]) => ({ requestId, traceId, items })),
    spans: expandSpans(spans, { traceId: batchId, startedAtMs }),
  };
}
