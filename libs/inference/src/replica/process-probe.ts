import { readFileSync } from 'node:fs';

/** What the machine says of a process at this moment. */
export interface ProcessReading {
  readonly rssBytes: number;
  /** CPU time of all its threads since it started, in clock ticks (10 ms on Linux). */
  readonly cpuTicks: number;
  /** `stopped`: by SIGSTOP or a debugger; `sleeping`: its main thread waits; anything else is `other`. */
  readonly state: 'stopped' | 'sleeping' | 'other';
}

/** Reads a process; undefined where there is none or the machine does not say. Must not block for long. */
export type ProcessProbe = (pid: number) => ProcessReading | undefined;

/** Places after the name in /proc/PID/stat, the state being the first (proc(5): fields 3, 14 and 15). */
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
/** The memory in /proc/PID/status: always in kB, where stat counts pages, whose size differs between kernels. */
const RSS_LINE = /^VmRSS:\s*(\d+) kB$/m;
const KB = 1024;

/**
 * Reads /proc, files in memory: some 40 µs. Where there is no /proc (macOS, Windows) nothing is known: the memory
 * ceiling is not kept there, and a hung replica is found by the time limit of its run alone.
 */
export const linuxProcess: ProcessProbe = (pid) => {
  try {
    return parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'), readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return undefined;
  }
};

/**
 * The content of /proc/PID/stat and /proc/PID/status; undefined when they are none, or of a process that has ended,
 * which has no memory. The name in `stat`, in brackets, may hold anything, brackets too.
 */
export function parseProcess(stat: string, status: string): ProcessReading | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuTicks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  const rssBytes = Number(RSS_LINE.exec(status)?.[1]) * KB;
  if (!Number.isFinite(cpuTicks) || !Number.isFinite(rssBytes)) return undefined;
  return { rssBytes, cpuTicks, state: stateOf(fields[STATE]) };
}

function stateOf(letter: string | undefined): ProcessReading['state'] {
  if (letter === 'T' || letter === 't') return 'stopped';
  return letter === 'S' ? 'sleeping' : 'other';
}
