import type { EntityManager } from 'typeorm';
import { nextChange, PodEntity } from '#database';

/** A pod that has not reported for this long does not answer. */
export const ANSWERS_MS_MAX = 10_000;
/** More processes than this on one host with one database are no plan of anybody's. */
const NAMES_MAX = 1_000;

/** Who asks for a name. */
export interface NameClaim {
  readonly host: string;
  readonly instance: string;
  readonly pid: number;
  readonly nowMs: number;
  /** Whether a process of this machine lives. */
  isAlive(pid: number): boolean;
}

/**
 * The name for a process: its host's, or that with a number where another process on a host of that name answers. The
 * name of a process that is gone is free at once where that can be seen, else when it has been silent for ten seconds.
 * Locks the counter `pods`, so that two processes that start together get two names.
 *
 * @throws Error when every name is taken
 */
export async function freePodName(manager: EntityManager, claim: NameClaim): Promise<string> {
  await nextChange(manager, POD_COUNTER);
  for (let n = 1; n <= NAMES_MAX; n += 1) {
    const name = n === 1 ? claim.host : `${claim.host}-${n}`;
    const holder = await manager.findOneBy(PodEntity, { name });
    if (!holder || isFree(holder, claim)) return name;
  }
  throw new Error(`${NAMES_MAX} processes on ${claim.host} use this database.`);
}

/** Raised when pods come and go. */
export const POD_COUNTER = 'pods';

function isFree(holder: PodEntity, { instance, host, pid, nowMs, isAlive }: NameClaim): boolean {
  if (holder.instance === instance) return true;
  if (nowMs - holder.reportedAtMs > ANSWERS_MS_MAX) return true;
  // A process id of this host that is ours, or nobody's, is not the holder's any more.
  return holder.host === host && (holder.pid === pid || !isAlive(holder.pid));
}
