import { readFileSync } from 'node:fs';

/** What the machine says of a process at this moment. */
export interface ProcessReading {
  readonly rssBytes: number;
  /** CPU time of all its threads since it started, in clock ticks (10 ms on Linux). */
  readonly cpuTicks: number;
  /** `stopped`: by SIGSTOP or a debugger; `sleeping`: its main thread waits; anything else is `other`. */
  readonly state: 'stopped' | 'sleeping' | 'other';
}

/** Reads a process; undefined where there is none or the machine does not tell. Must not block for long. */
export type ProcessProbe = (pid: number) => ProcessReading | undefined;

const PAGE_BYTES = 4096;
/** Places after the name in /proc/PID/stat, the state being the first (proc(5): fields 3, 14, 15 and 24). */
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const RSS_PAGES = 21;

/**
 * Reads /proc, a file in memory: some 20 µs. Where there is no /proc (macOS, Windows) nothing is known: the memory ceiling
 * is not kept there, and a hung replica is found by the time limit of its run alone.
 */
export const linuxProcess: ProcessProbe = (pid) => {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
};

/** A line of /proc/PID/stat; undefined when it is none. The name, in brackets, may hold anything, brackets too. */
export function parseStat(line: string): ProcessReading | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [user, system, pages] = [USER_TICKS, SYSTEM_TICKS, RSS_PAGES].map((place) => Number(fields[place]));
  if (user === undefined || system === undefined || pages === undefined) return undefined;
  if (![user, system, pages].every(Number.isFinite)) return undefined;
  return { rssBytes: pages * PAGE_BYTES, cpuTicks: user + system, state: stateOf(fields[STATE]) };
}

function stateOf(letter: string | undefined): ProcessReading['state'] {
  if (letter === 'T' || letter === 't') return 'stopped';
  return letter === 'S' ? 'sleeping' : 'other';
}
