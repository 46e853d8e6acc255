import { startServer } from '../support/server.js';
import { HelperProcess } from './helper-process.js';
import { BULK_ITEMS, type LoadOrder, type LoadResult } from './load.js';
import { percentile, rounded } from './statistics.js';

/** How long the callers are alone, and how long the stream goes at most. */
export interface BulkLimits {
  readonly aloneMs: number;
  readonly textsMax: number;
  readonly streamMs: number;
}

/** What callers of single texts see alone, and beside a long stream. */
export interface BulkFigures {
  readonly limits: BulkLimits;
  /** That went over the stream. */
  readonly texts: number;
  readonly bulkPerSecond: number;
  readonly aloneP50Ms: number;
  readonly aloneP99Ms: number;
  readonly besideP50Ms: number;
  readonly besideP99Ms: number;
  /** What the callers ask for. */
  readonly interactivePerSecond: number;
  readonly aloneCalls: number;
  readonly besideCalls: number;
}

/** What becomes of five times the load that the server can carry. */
export interface OverloadFigures {
  /** Texts a second with 32 clients that wait for their answers. */
  readonly peak: number;
  readonly offered: number;
  readonly goodput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly refusals: number;
  readonly refusalP50Ms: number;
  readonly refusalP99Ms: number;
  /** Of the refusals, those that said when to come back. */
  readonly shareWithTime: number;
  readonly loadCores: number;
}

type Generator = HelperProcess<LoadOrder, LoadResult>;

const INTERACTIVE_PER_SECOND = 40;
/** Pieces in which the callers are measured, so that the last can be left out when the stream ends within it. */
const PIECE_MS = 2_000;
const OVERLOAD = 5;
const OVERLOAD_ITEMS = 32;

/** 40 single texts a second by unary calls, for `aloneMs` alone and then as long as the stream goes. */
export async function measureBulk(port: number, callers: Generator, limits: BulkLimits): Promise<BulkFigures> {
  await using bulk: Generator = new HelperProcess('load-generator.ts');
  const interactive = { kind: 'paced', port, items: 1, requestsPerSecond: INTERACTIVE_PER_SECOND } as const;
  const alone = await callers.run({ ...interactive, warmUpMs: 1_000, runMs: limits.aloneMs });
  let isOver = false;
  const order = { kind: 'bulk', port, textsMax: limits.textsMax, runMs: limits.streamMs } as const;
  const stream = bulk.run(order).finally(() => (isOver = true));
  stream.catch(() => undefined);
  const beside: number[] = [];
  for (let warmUpMs = 500; !isOver; warmUpMs = 0) {
    const { latenciesMs } = await callers.run({ ...interactive, warmUpMs, runMs: PIECE_MS });
    if (!isOver) beside.push(...latenciesMs);
  }
  const { elapsedMs, latenciesMs } = await stream;
  const texts = latenciesMs.length * BULK_ITEMS;
  return {
    limits,
    texts,
    bulkPerSecond: rounded((texts * 1_000) / elapsedMs, 1),
    aloneP50Ms: rounded(percentile(alone.latenciesMs, 0.5), 2),
    aloneP99Ms: rounded(percentile(alone.latenciesMs, 0.99), 2),
    besideP50Ms: rounded(percentile(beside, 0.5), 2),
    besideP99Ms: rounded(percentile(beside, 0.99), 2),
    interactivePerSecond: INTERACTIVE_PER_SECOND,
    aloneCalls: alone.latenciesMs.length,
    besideCalls: beside.length,
  };
}

/**
 * On a server of its own whose queue holds half a second of work: with the usual queue, callers would wait for a minute
 * and nobody would be refused in the time of a measurement.
 */
export async function measureOverload(
  env: Record<string, string>,
  callers: Generator,
  { roughPeak, runMs }: { roughPeak: number; runMs: number },
): Promise<OverloadFigures> {
  const queue = Math.max(4 * OVERLOAD_ITEMS, Math.round(roughPeak / 2));
  await using server = await startServer({
    env: { ...env, CAS_REQUEST_ITEMS_MAX: String(OVERLOAD_ITEMS), CAS_QUEUE_ITEMS_MAX: String(queue) },
  });
  const { port } = server;
  const peak = await measurePeak(port, callers, runMs);
  const offered = OVERLOAD * peak;
  const requestsPerSecond = offered / OVERLOAD_ITEMS;
  const flood = await callers.run({
    kind: 'paced',
    port,
    items: OVERLOAD_ITEMS,
    requestsPerSecond,
    warmUpMs: 1_500,
    runMs,
  });
  return {
    peak: rounded(peak, 1),
    offered: rounded(offered, 1),
    goodput: rounded((flood.latenciesMs.length * OVERLOAD_ITEMS * 1_000) / flood.elapsedMs, 1),
    p50Ms: rounded(percentile(flood.latenciesMs, 0.5), 2),
    p99Ms: rounded(percentile(flood.latenciesMs, 0.99), 2),
    refusals: flood.refusalsMs.length,
    refusalP50Ms: rounded(percentile(flood.refusalsMs, 0.5), 2),
    refusalP99Ms: rounded(percentile(flood.refusalsMs, 0.99), 2),
    shareWithTime: flood.refusalsWithTime / flood.refusalsMs.length,
    loadCores: flood.cores,
  };
}

/** The same requests from clients that wait: as many as fill batches without filling the queue. */
async function measurePeak(port: number, callers: Generator, runMs: number): Promise<number> {
  const load = {
    modality: 'text',
    lengths: 'mixed',
    protocol: 'clip.v1',
    clients: 4,
    items: OVERLOAD_ITEMS,
    inFlight: 1,
  } as const;
  const { latenciesMs, elapsedMs } = await callers.run({ kind: 'closed', port, load, warmUpMs: 1_000, runMs });
  return (latenciesMs.length * OVERLOAD_ITEMS * 1_000) / elapsedMs;
}
