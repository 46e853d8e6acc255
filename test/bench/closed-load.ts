import { setTimeout as wait } from 'node:timers/promises';
import { callers } from './callers/index.js';
import type { Caller, Requests } from './callers/caller.js';
import type { Load } from './cases.js';
import { contentsOf, groups } from './contents.js';
import { countCores } from './cores.js';
import { BULK_ITEMS, type BulkOrder, type ClosedOrder, type LoadResult } from './load.js';
import { steadyWindow, type Call, type SteadyWindow } from './steady-window.js';

/** Different requests in rotation, so that no processor cache holds them all. */
const REQUESTS_IN_ROTATION = 16;
const POLL_MS = 20;

/**
 * Requests of one item flow without a break from warm-up to end, and those count that are answered in between: the load
 * is the same all the time. Those of many items would be cut in a place that decides the figure, so they are counted
 * whole: all that were sent, until the last is answered. That does not idle the server, since each fills a batch.
 */
export async function closedLoad(order: ClosedOrder): Promise<LoadResult> {
  await using clients = await openClients(order.port, order.load);
  const firstMs = performance.now();
  await clients.list[0]!.call();
  const warmUntilMs = firstMs + order.warmUpMs;
  const count = order.load.items === 1 ? countWhileSteady : countWhole;
  // Not without `await`: the clients would be closed before.
  return await count(clients.list, warmUntilMs, order);
}

/** Counts from the end of a batch to the end of a batch, while the requests go on. */
async function countWhileSteady(
  clients: readonly Caller[],
  warmUntilMs: number,
  { load: { inFlight }, runMs }: ClosedOrder,
): Promise<LoadResult> {
  let isOver = false;
  const calls: Call[] = [];
  const calling = callWhile(clients, inFlight, () => !isOver, calls);
  const until = (atMs: number) => Promise.race([wait(Math.max(0, atMs - performance.now())), calling]);
  await until(warmUntilMs);
  const cores = countCores();
  await until(warmUntilMs + runMs);
  const wanted = { warmUntilMs, runMs, round: clients.length * inFlight };
  let window: SteadyWindow | undefined;
  while (!window) {
    await Promise.race([wait(POLL_MS), calling]);
    window = steadyWindow(calls, wanted);
  }
  const used = cores();
  isOver = true;
  await calling;
  return resultOf(window.calls, window.elapsedMs, used);
}

async function countWhole(
  clients: readonly Caller[],
  warmUntilMs: number,
  { load: { inFlight }, runMs }: ClosedOrder,
): Promise<LoadResult> {
  await callWhile(clients, inFlight, () => performance.now() < warmUntilMs);
  const startedMs = performance.now();
  const cores = countCores();
  const calls = await callWhile(clients, inFlight, () => performance.now() < startedMs + runMs);
  return resultOf(calls, performance.now() - startedMs, cores());
}

/** 64 requests are under way; at the end, their answers are awaited and count. */
export async function bulkLoad({ port, textsMax, runMs }: BulkOrder): Promise<LoadResult> {
  const load = {
    modality: 'text',
    lengths: 'mixed',
    protocol: 'EncodeStream',
    clients: 1,
    items: BULK_ITEMS,
    inFlight: 64,
  } as const;
  await using clients = await openClients(port, load);
  let left = Math.ceil(textsMax / load.items);
  const cores = countCores();
  const startedMs = performance.now();
  const calls = await callWhile(clients.list, load.inFlight, () => left-- > 0 && performance.now() < startedMs + runMs);
  return resultOf(calls, performance.now() - startedMs, cores());
}

async function openClients(port: number, load: Load): Promise<{ list: Caller[] } & AsyncDisposable> {
  const open = callers[load.protocol](await requestsOf(load));
  const list = await Promise.all(Array.from({ length: load.clients }, () => open(port)));
  return { list, [Symbol.asyncDispose]: async () => list.forEach((client) => client.close()) };
}

/** Requests under way at the end are awaited. */
async function callWhile(
  clients: readonly Caller[],
  inFlight: number,
  goesOn: () => boolean,
  calls: Call[] = [],
): Promise<Call[]> {
  const callInTurn = async (client: Caller) => {
    while (goesOn()) {
      const sentMs = performance.now();
      await client.call();
      const endedMs = performance.now();
      calls.push({ endedMs, latencyMs: endedMs - sentMs });
    }
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: inFlight }, () => callInTurn(client))));
  return calls;
}

function resultOf(calls: readonly Call[], elapsedMs: number, cores: number): LoadResult {
  const latenciesMs = calls.map(({ latencyMs }) => latencyMs);
  return { latenciesMs, elapsedMs, cores, refusalsMs: [], refusalsWithTime: 0 };
}

async function requestsOf(load: Load): Promise<Requests> {
  return { modality: load.modality, lists: groups(await contentsOf(load), load.items, REQUESTS_IN_ROTATION) };
}
