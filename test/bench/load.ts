import type { Load } from './cases.js';

/** What the load generator is told to do. */
export type LoadOrder = ClosedOrder | PacedOrder | BulkOrder;

/** Each client sends its next request when an answer has come. */
export interface ClosedOrder {
  readonly kind: 'closed';
  readonly port: number;
  readonly load: Load;
  readonly warmUpMs: number;
  readonly runMs: number;
}

/** Calls of `clip.v1` at a steady pace over 32 connections, whether or not they are answered. */
export interface PacedOrder {
  readonly kind: 'paced';
  readonly port: number;
  /** Texts in a request. */
  readonly items: number;
  readonly requestsPerSecond: number;
  /** Answers and refusals of the first part do not count: by then a queue has filled. */
  readonly warmUpMs: number;
  readonly runMs: number;
}

/** One stream of texts, as fast as the server takes it, until `textsMax` are sent or `runMs` are over. */
export interface BulkOrder {
  readonly kind: 'bulk';
  readonly port: number;
  readonly textsMax: number;
  readonly runMs: number;
}

/** Texts in each request of such a stream. */
export const BULK_ITEMS = 32;

/** What was seen between warm-up and end; the fields of one kind may be empty in another. */
export interface LoadResult {
  /** Of each request that was answered well in that time. */
  readonly latenciesMs: number[];
  readonly elapsedMs: number;
  /** Cores that the load generator itself kept busy, 1 = one core. */
  readonly cores: number;
  /** Of each request that was refused because too much waits. */
  readonly refusalsMs: number[];
  /** How many of the refusals said when to come back. */
  readonly refusalsWithTime: number;
}
