import type { BatchFacts, InputItem, SpanAttributes, SpanContext } from '#core';

/** A span that has ended, ready to be shown, stored or exported. Times in milliseconds since 1970, with fractions. */
export interface SpanRecord {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly traceId: string;
  readonly spanId: string;
  /** The span that it is a part of; undefined for one that nobody's is known to be above. */
  readonly parentSpanId: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  readonly links: readonly SpanContext[];
  /** The code of the error that it ended with; undefined when it did not fail. */
  readonly error: string | undefined;
}

/** Why a trace was kept: the caller or the ratio asked for it, it failed, it was slow, or there was little to do. */
export type Kept = 'sampled' | 'failed' | 'slow' | 'quiet';

/** One finished request, with its spans. */
export interface TraceRecord {
  readonly traceId: string;
  readonly requestId: string;
  /** The process that served it, by its host's name (a pod's name in Kubernetes). */
  readonly pod: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly protocol: string;
  readonly operation: string;
  /** The model that was served; undefined where none was asked for. */
  readonly model: string | undefined;
  /** `ok`, `item_failed` or an error code. */
  readonly outcome: string;
  /** The id of the token, or another principal. */
  readonly principalId: string;
  readonly items: number;
  readonly kept: Kept;
  /** The batches that it rode in, by their trace ids. */
  readonly batchIds: readonly string[];
  /** The request's own span first. */
  readonly spans: readonly SpanRecord[];
}

/** One attempt at a batch, with its spans and the requests that rode in it. */
export interface BatchRecord extends Omit<BatchFacts, 'whole' | 'prepare' | 'run' | 'itemsMax'> {
  /** The trace id of the batch. */
  readonly batchId: string;
  readonly pod: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** The most items that it could have had; undefined where an older version of the service has written it. */
  readonly itemsMax?: number;
  readonly riders: readonly { readonly requestId: string; readonly traceId: string; readonly items: number }[];
  readonly spans: readonly SpanRecord[];
}

/** Takes in what was kept: the store of recent traces, the database, an exporter. Must not throw, and not wait. */
export interface TraceSink {
  onTrace(trace: TraceRecord): void;
  onBatch(batch: BatchRecord): void;
  /** Gets what a request sent to be encoded, where its token has that stored; after `onTrace`. */
  onInputs?(trace: TraceRecord, inputs: readonly InputItem[]): void;
}
