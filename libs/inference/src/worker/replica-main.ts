import { Socket } from 'node:net';
// eslint-disable-next-line no-restricted-imports -- a turn of the real event loop, given to all else as Pace
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getPriority, setPriority } from 'node:os';
import { inspect } from 'node:util';
import { systemClock } from '#core';
import type { ClipModel, ClipModelOptions } from '#clip';
import { SOCKET_FD } from '../wire/frames.js';
import { ReplicaServer } from './replica-server.js';

/**
 * The niceness of replicas, of 19: where cores are short, the process that takes requests in, refuses what is too much
 * and answers health checks comes a little sooner. More than this made a busy model lose a tenth of its throughput
 * (docs/benchmark-notes.md).
 */
const NICENESS = 2;

/**
 * Makes this process a replica that serves what `openModel` opens. A terminal's Ctrl-C and a supervisor's SIGTERM reach
 * the whole process group: the replica ignores both, since the pool decides when its work is done.
 */
export function runAsReplica(openModel: (options: ClipModelOptions) => Promise<ClipModel>): void {
  giveWay();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  new ReplicaServer({
    socket: new Socket({ fd: SOCKET_FD }),
    openModel,
    nameProcess: (replica) => (process.title = `replica ${replica}`),
    exit: (error) => exit(error),
    clock: systemClock,
    nextTurn: () => nextTurn(),
  });
}

/**
 * Threads that onnxruntime and libuv start later inherit it. A niceness that is higher already stays: only root may
 * lower it.
 */
function giveWay(): void {
  try {
    if (getPriority() < NICENESS) setPriority(NICENESS);
  } catch {
    // A sandbox that forbids it: the replica serves as well without.
  }
}

function exit(error: unknown): void {
  if (error === undefined) process.exit(0);
  process.stderr.write(`${inspect(error)}\n`, () => process.exit(1));
}
