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

export async function readServer(server: RunningServer): Promise<ServerReading> {
  const text = await (await fetch(server.ops('/metrics'))).text();
  return {
    atMs: performance.now(),
    parentCpuS: sumOf(text, 'process_cpu_seconds_total'),
    runS: sumOf(text, 'clip_inference_seconds_sum'),
    batches: sumOf(text, 'clip_batch_size_count'),
    batchItems: sumOf(text, 'clip_batch_size_sum'),
  };
}

export function useBetween(before: ServerReading, after: ServerReading): ServerUse {
  const elapsedS = (after.atMs - before.atMs) / 1000;
  return {
    parentCores: (after.parentCpuS - before.parentCpuS) / elapsedS,
    runShare: (after.runS - before.runS) / elapsedS,
    batchSize: (after.batchItems - before.batchItems) / (after.batches - before.batches),
  };
}

/** The sum over all labels of a metric. */
function sumOf(metrics: string, name: string): number {
  const lines = metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}
