import type { BatchReason, BatchTrace, Clock } from '#core';
import type { BatchEvent, BatchLostEvent, PoolOptions } from '#inference';

const RUNS_MAX = 20;
const LINES_MAX = 30;
const LINE_CHARS_MAX = 300;
/** Replicas that are remembered, those that are gone included: why one died is in its last lines. */
const REPLICAS_MAX = 200;

type Line = Parameters<PoolOptions['log']>[0];

/** A batch that a replica had, answered or lost. */
export interface PastRun {
  /** When it ended, in milliseconds since 1970. */
  readonly atMs: number;
  readonly tower: string;
  readonly items: number;
  /** Undefined for a batch that was lost. */
  readonly itemsMax: number | undefined;
  readonly reason: BatchReason | undefined;
  readonly failed: number;
  readonly queueMs: number | undefined;
  readonly prepareMs: number | undefined;
  readonly runMs: number | undefined;
  readonly isLost: boolean;
  /** What it is found by; undefined while, or where, it is kept nowhere. */
  readonly batchId: string | undefined;
}

/** A line about a replica, or that its process printed. */
export interface PastLine {
  readonly atMs: number;
  readonly level: Line['level'];
  readonly text: string;
}

interface Past {
  readonly runs: { readonly run: Omit<PastRun, 'batchId'>; readonly trace: BatchTrace | undefined }[];
  readonly lines: PastLine[];
}

/** What each replica did last and what was said of it. A few kilobytes a replica; noting costs next to nothing. */
export class ReplicaHistory {
  private readonly replicas = new Map<string, Past>();

  constructor(private readonly clock: Clock) {}

  onBatch({ replica, tower, size: items, itemsMax, reason, failed, trace, ...times }: BatchEvent): void {
    const { queueMs, prepareMs, runMs } = times;
    const run = { atMs: this.clock.wallMs(), tower, items, itemsMax, reason, failed, isLost: false };
    push(this.past(replica).runs, { run: { ...run, queueMs, prepareMs, runMs }, trace }, RUNS_MAX);
  }

  onBatchLost({ replica, tower, size: items }: BatchLostEvent): void {
    const unknown = { itemsMax: undefined, reason: undefined, queueMs: undefined, prepareMs: undefined };
    const run = { atMs: this.clock.wallMs(), tower, items, failed: 0, isLost: true, runMs: undefined, ...unknown };
    push(this.past(replica).runs, { run, trace: undefined }, RUNS_MAX);
  }

  onLine({ level, text, replica }: Line): void {
    if (replica === undefined) return;
    const line = { atMs: this.clock.wallMs(), level, text: text.slice(0, LINE_CHARS_MAX) };
    push(this.past(replica).lines, line, LINES_MAX);
  }

  /** The newest first. */
  of(replica: string): { readonly runs: readonly PastRun[]; readonly lines: readonly PastLine[] } {
    const { runs, lines } = this.replicas.get(replica) ?? { runs: [], lines: [] };
    // A batch is recorded when the first of its requests that is kept has ended, so it is looked at now.
    const told = runs.map(({ run, trace }) => ({
      ...run,
      batchId: trace?.isRecorded ? trace.context.traceId : undefined,
    }));
    return { runs: told.reverse(), lines: lines.toReversed() };
  }

  private past(replica: string): Past {
    const known = this.replicas.get(replica);
    if (known) return known;
    const [oldest] = this.replicas.keys();
    if (oldest !== undefined && this.replicas.size >= REPLICAS_MAX) this.replicas.delete(oldest);
    const past: Past = { runs: [], lines: [] };
    this.replicas.set(replica, past);
    return past;
  }
}

function push<T>(list: T[], entry: T, max: number): void {
  list.push(entry);
  if (list.length > max) list.shift();
}
