import { traceKey, type TraceSummary } from './stored-trace.js';

/** What requests are counted by. */
export type GroupKey = 'model' | 'operation' | 'protocol' | 'outcome' | 'token' | 'pod';

/** How to count. */
export interface GroupQuery {
  readonly by: readonly GroupKey[];
  /** Counts each span of so many milliseconds for itself. */
  readonly bucketMs?: number | undefined;
}

/** Requests that are alike in what they are counted by. */
export interface TraceGroup {
  /** What they have in common; null = none of them has one. */
  readonly values: Readonly<Partial<Record<GroupKey, string | null>>>;
  /** The begin of their span of time. */
  readonly bucketAtMs?: number;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** The newest of them, as `traceKey` gives it. */
  readonly lastKey: string;
}

/** What was counted. */
export interface TraceGroups {
  readonly groups: readonly TraceGroup[];
  /** What began before was not looked at any more, since there was too much; undefined = all was. */
  readonly countedFromMs: number | undefined;
}

/** Sums groups up. */
export class GroupCounts {
  private readonly groups = new Map<string, TraceGroup>();

  constructor(private readonly query: GroupQuery) {}

  /** Counts one request. */
  add(trace: TraceSummary): void {
    const { by, bucketMs } = this.query;
    const { startedAtMs } = trace;
    this.merge({
      values: Object.fromEntries(by.map((key) => [key, READ[key](trace) ?? null])),
      ...(bucketMs === undefined ? {} : { bucketAtMs: startedAtMs - (startedAtMs % bucketMs) }),
      ...{ count: 1, firstAtMs: startedAtMs, lastAtMs: startedAtMs, lastKey: traceKey(trace) },
    });
  }

  /** Adds what was counted elsewhere. */
  merge(group: TraceGroup): void {
    const key = JSON.stringify([group.bucketAtMs, this.query.by.map((name) => group.values[name])]);
    const known = this.groups.get(key);
    this.groups.set(key, known === undefined ? group : sumOf(known, group));
  }

  all(): TraceGroup[] {
    return [...this.groups.values()];
  }
}

const READ: Readonly<Record<GroupKey, (trace: TraceSummary) => string | undefined>> = {
  model: ({ model }) => model,
  operation: ({ operation }) => operation,
  protocol: ({ protocol }) => protocol,
  outcome: ({ outcome }) => outcome,
  token: ({ principalId }) => principalId,
  pod: ({ pod }) => pod,
};

function sumOf(a: TraceGroup, b: TraceGroup): TraceGroup {
  const isNewer = b.lastAtMs > a.lastAtMs || (b.lastAtMs === a.lastAtMs && b.lastKey > a.lastKey);
  const { lastAtMs, lastKey } = isNewer ? b : a;
  return { ...a, count: a.count + b.count, firstAtMs: Math.min(a.firstAtMs, b.firstAtMs), lastAtMs, lastKey };
}
