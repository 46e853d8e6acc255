import type { Counter, Histogram } from 'prom-client';
import type { ExemplarHistogram, Follow, Instruments } from './instruments.js';

/** One finished request. */
export interface RequestReading {
  readonly protocol: string;
  readonly operation: string;
  /** `ok`, `item_failed` or an error code. */
  readonly outcome: string;
  readonly items: number;
  readonly durationMs: number;
}

/** A finished request whose trace is kept. */
export interface TracedRequest {
  readonly protocol: string;
  readonly operation: string;
  readonly durationMs: number;
  readonly traceId: string;
}

/** Outcomes that say that no work was begun for a request. */
const REJECTIONS = new Set([
  'rate_limited',
  'queue_full',
  'request_too_large',
  'unauthenticated',
  'permission_denied',
  'unavailable',
  'shutting_down',
]);

/** What the inference API has answered and is answering. */
export class RequestMetrics {
  /** Shows the bytes of all messages under way. */
  readonly followBytesInFlight: Follow;
  /** Shows the open connections. */
  readonly followConnections: Follow;
  private readonly requests: Counter<'protocol' | 'operation' | 'outcome'>;
  private readonly items: Counter<'protocol' | 'operation'>;
  private readonly seconds: ExemplarHistogram<'protocol' | 'operation'>;
  private readonly firstByteSeconds: Histogram<'protocol'>;
  private readonly rejected: Counter<'protocol' | 'reason'>;
  private readonly refusedCallers: Counter<'protocol' | 'reason'>;
  private readonly refusedConnections: Counter;
  private readRunning: () => ReadonlyMap<string, number> = () => new Map();

  constructor(instruments: Instruments) {
    const [protocol, operation, outcome, reason] = ['protocol', 'operation', 'outcome', 'reason'] as const;
    this.requests = instruments.counter('clip_requests_total', 'Finished requests.', [protocol, operation, outcome]);
    this.items = instruments.counter('clip_items_total', 'Items of finished requests.', [protocol, operation]);
    this.seconds = instruments.durationsWithExemplars('clip_request_duration_seconds', 'From arrival to answer.', [
      protocol,
      operation,
    ]);
    this.firstByteSeconds = instruments.durations(
      'clip_time_to_first_byte_seconds',
      "From a request's head to the first byte of its answer's body.",
      [protocol],
    );
    this.rejected = instruments.counter('clip_rejected_total', 'Requests that were refused before any work.', [
      protocol,
      reason,
    ]);
    this.refusedCallers = instruments.counter(
      'clip_refused_callers_total',
      'Callers refused before their request was read.',
      [protocol, reason],
    );
    this.refusedConnections = instruments.counter(
      'clip_refused_connections_total',
      'Connections refused since there were too many.',
    );
    instruments.gauge('clip_requests_running', 'Requests that are being worked on.', [protocol], () =>
      [...this.readRunning()].map(([name, value]) => ({ labels: { protocol: name }, value })),
    );
    this.followBytesInFlight = instruments.followed('clip_in_flight_bytes', 'Memory of all messages under way.');
    this.followConnections = instruments.followed('clip_connections', 'Connections that are open.');
  }

  onRequest({ protocol, operation, outcome, items, durationMs }: RequestReading): void {
    this.requests.inc({ protocol, operation, outcome });
    this.items.inc({ protocol, operation }, items);
    this.seconds.observe({ protocol, operation }, durationMs / 1000);
    if (REJECTIONS.has(outcome)) this.rejected.inc({ protocol, reason: outcome });
  }

  /** The trace of a request that `onRequest` has counted is kept. */
  onTrace({ protocol, operation, durationMs, traceId }: TracedRequest): void {
    this.seconds.exemplify({ protocol, operation }, durationMs / 1000, traceId);
  }

  /** The first byte of an answer's body has been written. */
  onFirstByte(protocol: string, sinceHeadMs: number): void {
    this.firstByteSeconds.observe({ protocol }, sinceHeadMs / 1000);
  }

  onRefusedCaller(protocol: string, reason: string): void {
    this.refusedCallers.inc({ protocol, reason });
    if (REJECTIONS.has(reason)) this.rejected.inc({ protocol, reason });
  }

  onRefusedConnection(): void {
    this.refusedConnections.inc();
  }

  /** Shows how many requests of each protocol are being worked on. */
  followRunning(read: () => ReadonlyMap<string, number>): void {
    this.readRunning = read;
  }
}
