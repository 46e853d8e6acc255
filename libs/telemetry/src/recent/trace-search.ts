import { DomainError } from '#core';
import type { BatchRecord, TraceRecord } from '../tracing/records.js';
import type { KeptTraces } from './kept-traces.js';
import type { RecentTraces } from './recent-traces.js';
import { traceKey, type TraceSummary } from './stored-trace.js';
import type { GroupQuery, TraceGroups } from './trace-groups.js';
import { byPosition, positionOf, type TracePosition, type TraceQuery, type TraceStore } from './trace-query.js';

/** Where traces are looked for. */
export interface TracePlaces {
  /** This process, by its host's name. */
  readonly pod: string;
  /** `off`: the settings turn it off; `untraced`: they turn tracing off; `no_inference`: it serves no requests. */
  readonly memory: RecentTraces | 'off' | 'untraced' | 'no_inference';
  readonly database: KeptTraces | 'off';
}

/** A place that holds traces, and whether it could be asked. */
export interface TraceOrigin {
  readonly kind: 'memory' | 'database';
  /** Whose memory it is; undefined for the database, where all processes write. */
  readonly pod?: string;
  readonly asked: boolean;
  /** Why it was not asked, and what would change that. */
  readonly reason?: string;
}

/** What was found, and where. */
export interface Found<Answer> {
  readonly found: Answer;
  readonly sources: readonly TraceOrigin[];
}

/** A part of the list of requests. */
export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** `after` of the next page; undefined when this was the last. */
  readonly next: TracePosition | undefined;
}

/** Most requests of one trace, or under one id, that are given with their spans. */
const BY_ID_MAX = 100;

/** Looks for traces in the memory of this process and in the database, and says which of them it could not ask. */
export class TraceSearch {
  constructor(private readonly places: TracePlaces) {}

  /** One page, the newest first. */
  async search(query: TraceQuery): Promise<Found<TracePage>> {
    const { found, sources } = await this.ask((store) => store.search({ ...query, limit: query.limit + 1 }));
    const all = merged(found.flat(), positionOf);
    const traces = all.slice(0, query.limit);
    const last = traces.at(-1);
    return { found: { traces, next: all.length > query.limit && last ? positionOf(last) : undefined }, sources };
  }

  /** Everything that is known of the requests, the newest first, `limit` of them at most. */
  private async read(query: TraceQuery): Promise<Found<readonly TraceRecord[]>> {
    const { found, sources } = await this.ask((store) => store.read(query));
    return { found: merged(found.flat(), positionOfRecord).slice(0, query.limit), sources };
  }

  /**
   * The requests under a trace id, else under a request id, which a caller may have chosen so that it looks like one.
   * `narrowed` says which of them.
   */
  async byId(id: string, narrowed: Pick<TraceQuery, 'principalIds'> = {}): Promise<Found<readonly TraceRecord[]>> {
    const query = { ...narrowed, limit: BY_ID_MAX };
    const ofTrace = await this.read({ traceIds: [id], ...query });
    return ofTrace.found.length > 0 ? ofTrace : this.read({ requestId: id, ...query });
  }

  /** Counts requests: of the database where it has them, since all processes write there, else of this process. */
  async count(query: TraceQuery, groups: GroupQuery): Promise<Found<TraceGroups>> {
    const { found, sources } = await this.ask((store) => store.count(query, groups));
    return { found: found.at(-1) ?? { groups: [], countedFromMs: undefined }, sources };
  }

  /** One attempt at a batch, by its trace id. */
  async batch(batchId: string): Promise<Found<BatchRecord | undefined>> {
    const { found, sources } = await this.ask((store) => store.batch(batchId));
    return { found: found.find((batch) => batch !== undefined), sources };
  }

  /** Asks both places at once. The database may be out of reach; the answer says so then. */
  private async ask<Answer>(
    question: (store: TraceStore) => Answer | Promise<Answer>,
  ): Promise<{ found: Answer[]; sources: TraceOrigin[] }> {
    const { pod, memory, database } = this.places;
    const answers = await Promise.all([
      typeof memory === 'string' ? REASONS[memory] : askOne(memory, question),
      typeof database === 'string' ? REASONS.not_kept : askOne(database, question),
    ]);
    const [ofMemory, ofDatabase] = answers.map((answer) =>
      'reason' in answer ? { asked: false, reason: answer.reason } : { asked: true },
    );
    return {
      found: answers.flatMap((answer) => ('answer' in answer ? [answer.answer] : [])),
      sources: [
        { kind: 'memory', pod, asked: false, ...ofMemory },
        { kind: 'database', asked: false, ...ofDatabase },
      ],
    };
  }
}

const REASONS = {
  off: { reason: 'This process holds no traces in memory, since CAS_TRACE_MEMORY_COUNT_MAX is 0.' },
  untraced: { reason: 'This process traces no requests, since OTEL_SDK_DISABLED is true.' },
  no_inference: {
    reason: 'This process serves no requests of its own: ask the pod that served them, or keep traces in the database.',
  },
  not_kept: {
    reason: 'Traces are not kept in the database, so other pods cannot be asked. Set CAS_TRACE_RETENTION_HOURS.',
  },
} as const;

async function askOne<Answer>(
  store: TraceStore,
  question: (store: TraceStore) => Answer | Promise<Answer>,
): Promise<{ answer: Answer } | { reason: string }> {
  try {
    return { answer: await question(store) };
  } catch (err) {
    const { code, message } = DomainError.from(err);
    if (code !== 'unavailable') throw err;
    return { reason: message };
  }
}

/** What is in memory is in the database soon after: each request once, the newest first. */
function merged<Trace>(traces: readonly Trace[], place: (trace: Trace) => TracePosition): Trace[] {
  const byKey = new Map(traces.map((trace) => [place(trace).key, trace]));
  return [...byKey.values()].sort((a, b) => byPosition(place(a), place(b)));
}

function positionOfRecord({ traceId, requestId, spans, startedAtMs }: TraceRecord): TracePosition {
  return { startedAtMs, key: traceKey({ traceId, spanId: spans[0]?.spanId ?? requestId }) };
}
