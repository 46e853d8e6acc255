import type { RunningServer } from '../support/server.js';

/** What the server's own metrics say of the time between two readings. */
export interface ServerUse {
  /** Cores that the parent process kept busy, 1 = one core; replicas not included. */
  readonly parentCores: number;
  /** Share of the time that the model ran. */
  readonly runShare: number;
  /** Items in a batch, on average; NaN without any. */
  readonly batchSize: number;
}

/** A moment of `/metrics`; counters only mean something as differences. */
export interface ServerReading {
  readonly atMs: number;
  readonly parentCpuS: number;
  readonly runS: number;
  readonly batches: number;
  readonly batchItems: number;
}

/** The moments before and after a piece of work. */
export interface ServerSpan {
  readonly before: ServerReading;
  readonly after: ServerReading;
}

/** Does `work` and says from when to when. */
export async function spanOf<T>(server: RunningServer, work: () => Promise<T>): Promise<[result: T, span: ServerSpan]> {
  const before = await readServer(server);
  const result = await work();
  return [result, { before, after: await readServer(server) }];
}

/** Over all spans together; the time between them, in which the server has nothing to do, does not count. */
export function useOver(spans: readonly ServerSpan[]): ServerUse {
  const rise = (field: keyof ServerReading) =>
    spans.reduce((sum, { before, after }) => sum + after[field] - before[field], 0);
  const elapsedS = rise('atMs') / 1000;
  return {
    parentCores: rise('parentCpuS') / elapsedS,
    runShare: rise('runS') / elapsedS,
    batchSize: rise('batchItems') / rise('batches'),
  };
}

async function readServer(server: RunningServer): Promise<ServerReading> {
  const text = await (await fetch(server.ops('/metrics'))).text();
  return {
    atMs: performance.now(),
    parentCpuS: sumOf(text, 'process_cpu_seconds_total'),
    runS: sumOf(text, 'clip_inference_seconds_sum'),
    batches: sumOf(text, 'clip_batch_size_count'),
    batchItems: sumOf(text, 'clip_batch_size_sum'),
  };
}

/** The sum over all labels of a metric. */
function sumOf(metrics: string, name: string): number {
  const lines = metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}
