import { kill } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunningServer } from '../../support/server.js';
import { metric, replicasOf, serves } from '../../e2e/support/server-process.js';

/** Loading a model on a card again, its warm-up included, is not counted in seconds. */
const BACK_MS_MAX = 300_000;
const LOOK_EVERY_MS = 50;
const CALLERS = 8;

/** Resolves when as many replicas serve; rejects when that takes longer than any load does. */
export async function allUp(server: RunningServer, replicas: number): Promise<void> {
  await until(`${replicas} replicas serve`, async () => (await metric(server, 'clip_replica_up')) === replicas);
}

/**
 * Sends a signal to one of the replicas while callers go on, and says how long it took to be noticed and to be made
 * good. SIGKILL is a crash, SIGSTOP a process that hangs. Rejects when a caller got a failure.
 */
export async function outage(server: RunningServer, replicas: number, signal: 'SIGKILL' | 'SIGSTOP'): Promise<string> {
  await allUp(server, replicas);
  const [victim] = replicasOf(server);
  if (victim === undefined) throw new Error('the server has no replica');
  let isOver = false;
  const calls = Promise.all(Array.from({ length: CALLERS }, () => callWhile(server, () => !isOver)));
  const startedMs = performance.now();
  const sinceStart = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  try {
    kill(victim, signal);
    await until(`the replica is noticed after ${signal}`, () => Promise.resolve(!replicasOf(server).includes(victim)));
    const noticed = sinceStart();
    await allUp(server, replicas);
    const replaced = sinceStart();
    isOver = true;
    const answered = (await calls).reduce((sum, count) => sum + count, 0);
    return `noticed after ${noticed}, all replicas back after ${replaced}, ${answered} calls meanwhile without a failure`;
  } finally {
    isOver = true;
    await calls.catch(() => undefined);
  }
}

async function callWhile(server: RunningServer, goesOn: () => boolean): Promise<number> {
  let answered = 0;
  for (; goesOn(); answered++) if (!(await serves(server))) throw new Error('a caller got a failure');
  return answered;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + BACK_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > giveUpAtMs) throw new Error(`not within ${BACK_MS_MAX / 1000} s: ${what}`);
    await wait(LOOK_EVERY_MS);
  }
}
