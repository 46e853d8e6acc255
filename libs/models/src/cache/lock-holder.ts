import { randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The holders of this process. A lock with its process id that is not among them was left by an earlier process. */
const held = new Set<string>();

/**
 * Makes the text that names a lock's holder: place, process id and a random id. It counts as alive until `endHolder`.
 */
export async function beginHolder(): Promise<string> {
  const holder = `${await placeOfProcess()} ${process.pid} ${randomUUID()}`;
  held.add(holder);
  return holder;
}

export function endHolder(holder: string): void {
  held.delete(holder);
}

/** Tells whether the process of a holder is surely gone. False for one that this process cannot see. */
export async function isOfDeadProcess(holder: string): Promise<boolean> {
  const [place, pid] = holder.split(' ');
  return place === (await placeOfProcess()) && !isRunning(Number(pid), holder);
}

/**
 * Names the scope in which a process id means one process: a boot of a machine, and in it a container. Host names do
 * not do: containers may share one, each with a process 7 of its own.
 */
export async function placeOfProcess(): Promise<string> {
  if (process.platform !== 'linux') return hostname();
  const ids = [readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readlink('/proc/self/ns/pid')];
  return Promise.all(ids).then(
    ([boot = '', namespace = '']) => `${boot.trim()}/${namespace}`,
    () => randomUUID(),
  );
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
