import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_EVERY_MS = 500;

/**
 * The resident memory of a process and all that it started, as the sum of each process's own: what several processes
 * share is counted several times. Read from `/proc`; where there is none, nothing is known.
 */
export class PeakMemory implements Disposable {
  /** Before any load; NaN where it cannot be read. */
  readonly startBytes: number;
  private highestBytes: number;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.startBytes = this.highestBytes = residentBytes(pid);
    this.timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS);
    this.timer.unref();
  }

  /** The highest sum that was seen; sampled twice a second. */
  get peakBytes(): number {
    this.sample();
    return this.highestBytes;
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    this.highestBytes = Math.max(this.highestBytes, residentBytes(this.pid));
  }
}

function residentBytes(root: number): number {
  const parents = parentsOfAll();
  if (!parents) return Number.NaN;
  let sum = 0;
  for (const pid of parents.keys()) if (descends(pid, root, parents)) sum += residentOf(pid);
  return sum;
}

function descends(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let some: number | undefined = pid; some; some = parents.get(some)) if (some === root) return true;
  return false;
}

/** The parent of each process of the machine. */
function parentsOfAll(): Map<number, number> | undefined {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return new Map(pids.map((pid) => [pid, statusOf(pid, 'PPid')]));
  } catch {
    return undefined;
  }
}

function residentOf(pid: number): number {
  return statusOf(pid, 'VmRSS') * 1024;
}

/** A number of `/proc/PID/status`; 0 of a process that has gone meanwhile. */
function statusOf(pid: number, field: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
