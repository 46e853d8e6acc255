import { callers } from './callers/index.js';
import type { Caller, Requests } from './callers/caller.js';
import type { BenchCase, Modality } from './cases.js';
import { photos, sentences } from './contents.js';
import type { LoadOrder, LoadResult } from './load.js';

/** Different requests in rotation, so that no processor cache holds them all. */
const REQUESTS_IN_ROTATION = 16;

/** The process that plays the clients: one order in, one result out. */
process.on('message', (order: LoadOrder) => {
  play(order).then(
    (result) => process.send?.(result),
    (err: unknown) => process.send?.({ error: err instanceof Error ? err.message : String(err) }),
  );
});

async function play({ port, benchCase, warmUpMs, runMs }: LoadOrder): Promise<LoadResult> {
  const open = callers[benchCase.protocol](await requestsOf(benchCase));
  const clients = await Promise.all(Array.from({ length: benchCase.clients }, () => open(port)));
  try {
    await callUntil(clients, performance.now() + warmUpMs);
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    const latenciesMs = await callUntil(clients, startedMs + runMs);
    const { user, system } = process.cpuUsage(cpuBefore);
    return { latenciesMs, elapsedMs: performance.now() - startedMs, cpuMs: (user + system) / 1000 };
  } finally {
    for (const client of clients) client.close();
  }
}

/** Each client sends its next request when the last one is answered; requests under way at the end are awaited. */
async function callUntil(clients: Caller[], endMs: number): Promise<number[]> {
  const latenciesMs: number[] = [];
  await Promise.all(
    clients.map(async (client) => {
      for (let sentMs = performance.now(); sentMs < endMs; sentMs = performance.now()) {
        await client.call();
        latenciesMs.push(performance.now() - sentMs);
      }
    }),
  );
  return latenciesMs;
}

async function requestsOf({ modality, items }: BenchCase): Promise<Requests> {
  const contents = await contentsOf(modality);
  const lists = Array.from({ length: REQUESTS_IN_ROTATION }, (_, list) =>
    Array.from({ length: items }, (_, item) => contents[(list * items + item) % contents.length]!),
  );
  return { modality, lists };
}

function contentsOf(modality: Modality): Promise<(string | Buffer)[]> {
  return modality === 'text' ? Promise.resolve(sentences(256)) : photos();
}
