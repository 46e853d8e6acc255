import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;
/** The owner writes its id right after making the folder; a folder without one for this long has lost its owner. */
const OWNERLESS_MS_MAX = 10_000;

/** This process, as the owner of a lock: nobody before or after it has the same text. */
const self = `${process.pid} ${birthOf(process.pid) ?? randomUUID()}`;

/**
 * Runs `task` while no other process holds `folder` (a folder can be made only once). Waits for the holder; a holder
 * that died is pushed aside. `onWait` is called once, with the process id of the holder, when there is somebody to wait
 * for.
 */
export async function withLock(folder, task, onWait = () => {}) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let waited = false; !tryLock(folder); waited = true) {
    if (isAbandoned(folder)) pushAside(folder);
    else {
      if (!waited) onWait(ownerOf(folder)?.split(' ')[0] ?? 'unknown');
      await delay(POLL_MS);
    }
  }
  try {
    return await task();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryLock(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'owner'), self);
  return true;
}

function isAbandoned(folder) {
  const owner = ownerOf(folder);
  if (owner) return isGone(owner);
  const made = statSync(folder, { throwIfNoEntry: false });
  return made !== undefined && Date.now() - made.mtimeMs > OWNERLESS_MS_MAX;
}

function ownerOf(folder) {
  try {
    return readFileSync(join(folder, 'owner'), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Process ids come again after a restart of a container or of the machine: the same id with another birth is somebody
 * else.
 */
function isGone(owner) {
  if (owner === self) return false;
  const [pid, birth] = owner.split(' ');
  if (Number(pid) === process.pid || !isAlive(Number(pid))) return true;
  const birthNow = birthOf(pid);
  return birth !== undefined && birthNow !== undefined && birth !== birthNow;
}

/** The boot of the machine and when in it the process started, where the system tells (Linux). */
function birthOf(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc(5); the second, in brackets, may hold blanks.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Renames first: of several that push at once, one succeeds and the others go round again. */
function pushAside(folder) {
  const aside = `${folder}.${randomUUID()}`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}
