import { setTimeout as wait } from 'node:timers/promises';
import { callers } from './callers/index.js';
import type { Caller, Requests } from './callers/caller.js';
import type { Load } from './cases.js';
import { contentsOf, groups } from './contents.js';
import { countCores } from './cores.js';
import type { BulkOrder, ClosedOrder, LoadResult } from './load.js';

/** Different requests in rotation, so that no processor cache holds them all. */
const REQUESTS_IN_ROTATION = 16;
const POLL_MS = 20;

interface Call {
  readonly endedMs: number;
  readonly latencyMs: number;
}

/**
 * Requests of one item flow without a break from warm-up to end, and those count that are answered in between: the load is
 * the same all the time. Those of many items would be cut in a place that decides the figure, so they are counted whole:
 * all that were sent, until the last is answered. That does not idle the server, since each fills a batch.
 */
export async function closedLoad(order: ClosedOrder): Promise<LoadResult> {
  await using clients = await openClients(order.port, order.load);
  const firstMs = performance.now();
  await clients.list[0]!.checkedCall();
  const warmUntilMs = firstMs + order.warmUpMs;
  const count = order.load.items === 1 ? countWhileSteady : countWhole;
  // Not without `await`: the clients would be closed before.
  return await count(clients.list, warmUntilMs, order);
}

/**
 * Counts whole rounds, one answer a request under way: answers come a batch at a time, and a window of the clock would cut off up
 * to a batch at its end, which with large models is a tenth of the figure and more.
 */
async function countWhileSteady(
  clients: readonly Caller[],
  warmUntilMs: number,
  { load: { inFlight }, runMs }: ClosedOrder,
): Promise<LoadResult> {
  let isOver = false;
  const calls: Call[] = [];
  const calling = callWhile(clients, inFlight, () => !isOver, calls);
  const passed = async (untilMs: number, atLeast: number): Promise<number> => {
    while (performance.now() < untilMs || calls.length < atLeast) await Promise.race([wait(POLL_MS), calling]);
    return performance.now();
  };
  const round = clients.length * inFlight;
  const startedMs = await passed(warmUntilMs, round);
  const before = calls.length;
  const cores = countCores();
  await passed(startedMs + runMs, before + round);
  const rounds = Math.ceil((calls.length - before) / round);
  const endMs = await passed(startedMs, before + rounds * round);
  const counted = calls.slice(before);
  const used = cores();
  isOver = true;
  await calling;
  return resultOf(counted, endMs - startedMs, used);
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

/** The texts go in requests of 32, 64 of them under way. */
export async function bulkLoad({ port, texts }: BulkOrder): Promise<LoadResult> {
  const load = {
    modality: 'text',
    lengths: 'mixed',
    protocol: 'EncodeStream',
    clients: 1,
    items: 32,
    inFlight: 64,
  } as const;
  await using clients = await openClients(port, load);
  let left = Math.ceil(texts / load.items);
  const cores = countCores();
  const startedMs = performance.now();
  const calls = await callWhile(clients.list, load.inFlight, () => left-- > 0);
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
