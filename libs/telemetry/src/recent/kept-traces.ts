import { BatchTraceEntity, type Database, RequestTraceEntity } from '#database';
import type { SelectQueryBuilder } from 'typeorm';
import type { BatchRecord, TraceRecord } from '../tracing/records.js';
import { batchOf, type StoredBatch } from './stored-batch.js';
import { traceOf, type StoredTrace, type TraceSummary } from './stored-trace.js';
import { FAILED, type TraceQuery, type TraceStore } from './trace-query.js';
import { rowOfBatch, rowOfTrace, summaryOfRow } from './trace-rows.js';

/** Rows that SQLite looks at in one go, which takes some milliseconds; the whole process waits meanwhile. */
const ROWS_AT_A_TIME = 5_000;

/** The columns of a list. */
const SUMMARY = [
  ...['traceId', 'spanId', 'requestId', 'pod', 'startedAtMs', 'durationUs', 'protocol'],
  ...['operation', 'model', 'outcome', 'principalId', 'items', 'kept'],
].map((column) => `trace.${column}`);

/** What all processes have written of their requests and batches. Reads reject as `Database.read` does. */
export class KeptTraces implements TraceStore {
  constructor(private readonly database: Database) {}

  async search(query: TraceQuery): Promise<TraceSummary[]> {
    return (await this.find(query, ['trace.id', ...SUMMARY])).map(summaryOfRow);
  }

  async read(query: TraceQuery): Promise<TraceRecord[]> {
    const rows = await this.find(query, ['trace.id', 'trace.detail', ...SUMMARY]);
    return rows.map((row) => traceOf({ summary: summaryOfRow(row), detail: row.detail }));
  }

  async batch(batchId: string): Promise<BatchRecord | undefined> {
    const row = await this.database.read((manager) => manager.findOneBy(BatchTraceEntity, { id: batchId }));
    return row === null ? undefined : batchOf(row);
  }

  /** Writes all of them or none; what is there already stays. */
  async write(traces: readonly StoredTrace[], batches: readonly StoredBatch[]): Promise<void> {
    await this.database.transaction(async (manager) => {
      for (const [entity, rows] of [
        [RequestTraceEntity, traces.map(rowOfTrace)],
        [BatchTraceEntity, batches.map(rowOfBatch)],
      ] as const) {
        if (rows.length === 0) continue;
        await manager.createQueryBuilder().insert().into(entity).values(rows).orIgnore().updateEntity(false).execute();
      }
    });
  }

  private async find(query: TraceQuery, columns: string[]): Promise<RequestTraceEntity[]> {
    if (query.principalIds?.length === 0 || query.traceIds?.length === 0) return [];
    const isNarrow = query.requestId !== undefined || query.traceIds !== undefined;
    if (isNarrow || this.database.dialect === 'postgres') return this.findAtOnce(query, columns);
    return this.findInSteps(query, columns);
  }

  private findAtOnce(query: TraceQuery, columns: string[]): Promise<RequestTraceEntity[]> {
    return this.database.read((manager) => {
      const rows = manager.createQueryBuilder(RequestTraceEntity, 'trace').select(columns);
      narrow(rows, query);
      return rows.orderBy('trace.startedAtMs', 'DESC').addOrderBy('trace.id', 'DESC').limit(query.limit).getMany();
    });
  }

  /** Goes back in time, some rows at a time, so that a search for what is rare holds up nobody on SQLite. */
  private async findInSteps(query: TraceQuery, columns: string[]): Promise<RequestTraceEntity[]> {
    const found: RequestTraceEntity[] = [];
    let { toMs } = query;
    if (query.after !== undefined) toMs = Math.min(toMs ?? Infinity, query.after.startedAtMs + 1);
    for (;;) {
      const oldestMs = await this.startOfStep(toMs, query.fromMs);
      const fromMs = Math.max(oldestMs ?? -Infinity, query.fromMs ?? -Infinity);
      const step = { ...query, toMs, fromMs: fromMs === -Infinity ? undefined : fromMs };
      found.push(...(await this.findAtOnce({ ...step, limit: query.limit - found.length }, columns)));
      if (oldestMs === undefined || found.length >= query.limit) return found;
      toMs = oldestMs;
    }
  }

  /** The begin of the oldest of the next rows before `toMs`; undefined when these are the last ones. */
  private async startOfStep(toMs: number | undefined, fromMs: number | undefined): Promise<number | undefined> {
    const row = await this.database.read((manager) => {
      const rows = manager.createQueryBuilder(RequestTraceEntity, 'trace').select(['trace.id', 'trace.startedAtMs']);
      narrow(rows, { toMs, fromMs, limit: 1 });
      return rows.orderBy('trace.startedAtMs', 'DESC').offset(ROWS_AT_A_TIME).limit(1).getOne();
    });
    return row?.startedAtMs;
  }
}

function narrow(rows: SelectQueryBuilder<RequestTraceEntity>, query: TraceQuery): void {
  const { after } = query;
  const all: [unknown, string, Record<string, unknown>?][] = [
    [query.model, 'trace.model = :model'],
    [query.operation, 'trace.operation = :operation'],
    [query.protocol, 'trace.protocol = :protocol'],
    [query.outcome, query.outcome === FAILED ? "trace.outcome <> 'ok'" : 'trace.outcome = :outcome'],
    [query.principalIds, 'trace.principalId IN (:...principalIds)'],
    [query.requestId, 'trace.requestId = :requestId'],
    [query.traceIds, 'trace.traceId IN (:...traceIds)'],
    [
      query.slowerThanMs,
      'trace.durationUs > :slowerThanUs',
      { slowerThanUs: Math.round((query.slowerThanMs ?? 0) * 1000) },
    ],
    [query.fromMs, 'trace.startedAtMs >= :fromMs'],
    [query.toMs, 'trace.startedAtMs < :toMs'],
    [
      after,
      '(trace.startedAtMs < :afterMs OR (trace.startedAtMs = :afterMs AND trace.id < :afterKey))',
      { afterMs: after?.startedAtMs, afterKey: after?.key },
    ],
  ];
  for (const [given, condition, values] of all) {
    if (given !== undefined) rows.andWhere(condition, values ?? { ...query });
  }
}
