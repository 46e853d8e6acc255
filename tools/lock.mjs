import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;
/** The owner writes its id right after making the folder; a folder without one for this long has lost its owner. */
const OWNERLESS_MS_MAX = 10_000;

/**
 * Runs `task` while no other process holds `folder` (a folder can be made only once). Waits for the holder; a holder that
 * died is pushed aside. `onWait` is called once when there is somebody to wait for.
 */
export async function withLock(folder, task, onWait = () => {}) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let waited = false; !tryLock(folder); waited = true) {
    if (isAbandoned(folder)) pushAside(folder);
    else {
      if (!waited) onWait();
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
  writeFileSync(join(folder, 'owner'), String(process.pid));
  return true;
}

function isAbandoned(folder) {
  try {
    const owner = Number(readFileSync(join(folder, 'owner'), 'utf8'));
    if (owner > 0) return !isAlive(owner);
    return Date.now() - statSync(folder).mtimeMs > OWNERLESS_MS_MAX;
  } catch {
    const made = statSync(folder, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs > OWNERLESS_MS_MAX;
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
  const aside = `${folder}.${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch {
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}
