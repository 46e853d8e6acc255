import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Clock } from '#core';
import { pause } from './retry.js';

const LOOK_EVERY_MS = 500;
const BEAT_EVERY_MS = 5_000;
/** A holder that has not shown itself for this long is gone, wherever it was. */
const STALE_AFTER_MS = 30_000;

/** What this process holds, so that a lock of its own process id from before a restart is known as such. */
const held = new Set<string>();

/**
 * Runs `work` while no other process, on this machine or another that shares the folder, does work under the same lock
 * file. Waits as long as the holder shows itself. The lock saves work, it does not guard correctness: should two holders
 * ever meet (a machine that slept), the digests decide which files are right, and the first whole folder stays. Rejects when
 * the signal aborts while waiting.
 */
export async function underLock<T>(
  file: string,
  clock: Clock,
  work: () => Promise<T>,
  onWait: () => void,
  signal?: AbortSignal,
): Promise<T> {
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  held.add(holder);
  try {
    await mkdir(dirname(file), { recursive: true });
    for (let told = false; !(await take(file, holder, clock)); told = true) {
      if (!told) onWait();
      await pause(clock, LOOK_EVERY_MS, signal);
    }
    return await beating(file, clock, work);
  } finally {
    if ((await holderIn(file)) === holder) await rm(file, { force: true });
    held.delete(holder);
  }
}

async function take(file: string, holder: string, clock: Clock): Promise<boolean> {
  if (await isAbandoned(file, clock)) await rm(file, { force: true });
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(holder);
    await handle.close();
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

async function isAbandoned(file: string, clock: Clock): Promise<boolean> {
  const beatAtMs = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (beatAtMs === undefined) return false;
  if (clock.wallMs() - beatAtMs > STALE_AFTER_MS) return true;
  const holder = await holderIn(file);
  const [host, pid] = holder.split(' ');
  return host === hostname() && !isRunning(Number(pid), holder);
}

function isRunning(pid: number, holder: string): boolean {
  if (!Number.isInteger(pid) || pid < 1) return true;
  if (pid === process.pid) return held.has(holder);
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    // EPERM: somebody else's process, but a running one.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Runs `work`, showing all the while that the holder lives. */
async function beating<T>(file: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  let cancel = (): void => undefined;
  const beat = (): void => {
    cancel = clock.after(BEAT_EVERY_MS, beat);
    const seconds = clock.wallMs() / 1000;
    void utimes(file, seconds, seconds).catch(() => undefined);
  };
  beat();
  try {
    return await work();
  } finally {
    cancel();
  }
}

/** Empty for the moment between making the file and writing it. */
function holderIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
