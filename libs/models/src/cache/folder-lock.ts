import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, every, sleep } from '#core';
import { beginHolder, endHolder, isOfDeadProcess } from './lock-holder.js';

const LOOK_EVERY_MS = 500;
const BEAT_EVERY_MS = 5_000;
/** A holder that does not show itself for so long, while somebody watches, is gone, wherever it was. */
const STALE_AFTER_MS = 30_000;
/** For those who do not watch. */
const SEEN_LATELY_MS = 180_000;

/**
 * Runs `work` while no other process, on this machine or another that shares the folder, does work under the same lock
 * file. Waits as long as the holder shows itself. The lock saves work, it does not guard correctness: two holders may meet
 * (a machine that slept), so each writes files of its own, and the first whole folder stays. Rejects when the signal aborts
 * while waiting.
 */
export async function underLock<T>(
  file: string,
  clock: Clock,
  work: () => Promise<T>,
  onWait: () => void,
  signal?: AbortSignal,
): Promise<T> {
  const holder = await beginHolder();
  const watch = new Watch(clock);
  try {
    await mkdir(dirname(file), { recursive: true });
    for (let told = false; !(await take(file, holder, watch, signal)); told = true) {
      if (!told) onWait();
      await sleep(clock, LOOK_EVERY_MS, signal);
    }
    return await beating(file, holder, clock, work);
  } finally {
    if ((await holderIn(file)) === holder) await rm(file, { force: true });
    endHolder(holder);
  }
}

/**
 * Whether somebody holds the lock, by a single look: a dead process of this place does not; others do for three minutes after
 * they showed themselves, which leaves room for clocks that differ.
 */
export async function isLocked(file: string, clock: Clock): Promise<boolean> {
  const there = await look(file);
  if (!there || (await isOfDeadProcess(there.holder))) return false;
  return clock.wallMs() - there.shownAtMs < SEEN_LATELY_MS;
}

async function take(file: string, holder: string, watch: Watch, signal?: AbortSignal): Promise<boolean> {
  const there = await look(file);
  if (!there) return create(file, holder);
  if (!watch.isSilent(there) && !(await isOfDeadProcess(there.holder))) return false;
  // Replaced in one step, so that it is never free for a moment. Others that found it abandoned too do so now or never.
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, holder);
  await rename(own, file);
  await sleep(watch.clock, LOOK_EVERY_MS, signal);
  return (await holderIn(file)) === holder;
}

async function create(file: string, holder: string): Promise<boolean> {
  try {
    await writeFile(file, holder, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

/** A lock file as it was seen. */
interface Sight {
  readonly holder: string;
  readonly shownAtMs: number;
}

/** Notices a holder that shows itself no more. Only this process's clock counts: those of two machines may differ. */
class Watch {
  private last: Sight | undefined;
  private sinceMs = 0;

  constructor(readonly clock: Clock) {}

  isSilent(seen: Sight): boolean {
    if (seen.holder !== this.last?.holder || seen.shownAtMs !== this.last.shownAtMs) this.sinceMs = this.clock.now();
    this.last = seen;
    return this.clock.now() - this.sinceMs > STALE_AFTER_MS;
  }
}

async function look(file: string): Promise<Sight | undefined> {
  return Promise.all([holderIn(file), stat(file)]).then(
    ([holder, { mtimeMs }]) => ({ holder, shownAtMs: mtimeMs }),
    () => undefined,
  );
}

/** Runs `work`, showing all the while that the holder lives; a lock that another one took over meanwhile is left alone. */
async function beating<T>(file: string, holder: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const show = async (): Promise<void> => {
    const seconds = clock.wallMs() / 1000;
    if ((await holderIn(file)) === holder) await utimes(file, seconds, seconds).catch(() => undefined);
  };
  const beats = every(clock, BEAT_EVERY_MS, show);
  void show();
  try {
    return await work();
  } finally {
    void beats.stop();
  }
}

/** Empty for the moment between making the file and writing it. */
function holderIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
