import { status, type ServiceError } from '@grpc/grpc-js';
import { setTimeout as wait } from 'node:timers/promises';
import { clipV1 } from './callers/clip-v1.js';
import { groups, sentences } from './contents.js';
import { countCores } from './cores.js';
import type { LoadResult, PacedOrder } from './load.js';

const CONNECTIONS = 32;
/** Requests that are due within this time are sent together. */
const TICK_MS = 2;

export async function pacedLoad({ port, items, requestsPerSecond, warmUpMs, runMs }: PacedOrder): Promise<LoadResult> {
  const open = clipV1({ modality: 'text', lists: groups(sentences('mixed'), items) });
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port)));
  await clients[0]!.call();
  const cores = countCores();
  const result = { latenciesMs: [] as number[], refusalsMs: [] as number[], refusalsWithTime: 0 };
  const countsFromMs = performance.now() + warmUpMs;
  const endMs = countsFromMs + runMs;
  const send = async (at: number) => {
    const sentMs = performance.now();
    const failure = await clients[at % CONNECTIONS]!.call().then(() => undefined, refusalIn);
    const endedMs = performance.now();
    if (endedMs <= countsFromMs || endedMs > endMs) return;
    if (failure) {
      result.refusalsMs.push(endedMs - sentMs);
      result.refusalsWithTime += Number(failure.metadata.get('retry-after-ms').length > 0);
    } else result.latenciesMs.push(endedMs - sentMs);
  };
  const calls = await sendAt(requestsPerSecond, endMs, send);
  await Promise.all(calls);
  for (const client of clients) client.close();
  return { ...result, elapsedMs: runMs, cores: cores() };
}

/** Calls `send` at an even pace until `endMs`; what it has begun by then. */
async function sendAt(
  requestsPerSecond: number,
  endMs: number,
  send: (at: number) => Promise<void>,
): Promise<Promise<void>[]> {
  const startedMs = performance.now();
  const begun: Promise<void>[] = [];
  while (performance.now() < endMs) {
    const due = ((performance.now() - startedMs) / 1000) * requestsPerSecond;
    while (begun.length < due) {
      const call = send(begun.length);
      // It is awaited when all were sent; until then, a failure must not end the process.
      call.catch(() => undefined);
      begun.push(call);
    }
    await wait(TICK_MS);
  }
  return begun;
}

/** Anything but a refusal is a fault of the run. */
function refusalIn(err: ServiceError): ServiceError {
  if (err.code === status.RESOURCE_EXHAUSTED) return err;
  throw err;
}
