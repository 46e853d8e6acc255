import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, every, sleep } from '#core';
import { beginHolder, endHolder, isOfDeadProcess } from './lock-holder.js';

const LOOK_EVERY_MS = 500;
const BEAT_EVERY_MS = 5_000;
/** A holder that has not refreshed its lock for this long while another process watched is gone, on any machine. */
const STALE_AFTER_MS = 30_000;
/** The same for a single look, with room for clocks that differ. */
const SEEN_LATELY_MS = 180_000;

/**
 * Runs `work` while no other process, on this machine or another that shares the folder, works under the same lock
 * file. It waits as long as the holder refreshes the lock. The lock saves work and does not guard correctness: two
 * holders may overlap (a machine that slept), so each writes files of its own, and the first whole folder stays.
 * Rejects when the signal aborts while waiting.
 *
 * @example
 * await underLock(cache.lockFile(model), clock, () => download(model), () => log('waiting'), signal);
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
 * Tells by a single look whether a process holds the lock. A dead process of this machine does not; any other does for
 * three minutes after its last refresh, which leaves room for clocks that differ.
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
  // Replaced in one step, so that the lock is never free. Other processes that found it abandoned replace it now or
  // never.
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

/** A lock file as it was read. */
interface Sight {
  readonly holder: string;
  readonly shownAtMs: number;
}

/** Notices a holder that stopped refreshing, by this process's clock alone: clocks of two machines may differ. */
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

/** Runs `work` and refreshes the lock meanwhile, unless another holder has taken it over. */
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

/** Reads the holder; empty between the moments in which the file is made and written. */
function holderIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
