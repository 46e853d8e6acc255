import { BatchTraceEntity, type Database, nextChange, RequestTraceEntity } from '#database';
import type { SelectQueryBuilder } from 'typeorm';
import type { BatchRecord, TraceRecord } from '../tracing/records.js';
import { batchOf, type StoredBatch } from './stored-batch.js';
import { traceOf, type StoredTrace, type TraceSummary } from './stored-trace.js';
import { GroupCounts, type GroupKey, type GroupQuery, type TraceGroup, type TraceGroups } from './trace-groups.js';
import type { TraceQuery, TraceStore } from './trace-query.js';
import { conditionOf, FAILED, type TraceTerm } from './trace-terms.js';
import { rowOfBatch, rowOfTrace, summaryOfRow } from './trace-rows.js';

/** Rows that SQLite looks at in one go, which takes some milliseconds; the whole process waits meanwhile. */
const ROWS_AT_A_TIME = 5_000;

/** Steps that are counted, the newest first: 100,000 rows. */
const COUNT_STEPS_MAX = 20;

const TRACES_COUNTER = 'traces';

/** The columns of a list. */
const SUMMARY = [
  ...['traceId', 'spanId', 'requestId', 'pod', 'startedAtMs', 'durationUs', 'protocol'],
  ...['operation', 'model', 'outcome', 'principalId', 'items', 'kept'],
  ...['queueUs', 'replica', 'device', 'batchItems', 'batchItemsMax'],
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

  async count(query: TraceQuery, groups: GroupQuery): Promise<TraceGroups> {
    const counts = new GroupCounts(groups);
    if (query.principalIds?.length === 0) return { groups: [], countedFromMs: undefined };
    let { toMs } = query;
    for (let step = 0; step < COUNT_STEPS_MAX; step += 1) {
      const oldestMs = await this.startOfStep(toMs, query.fromMs);
      const fromMs = Math.max(oldestMs ?? -Infinity, query.fromMs ?? -Infinity);
      const part = { ...query, after: undefined, toMs, fromMs: fromMs === -Infinity ? undefined : fromMs };
      for (const counted of await this.countPart(part, groups)) counts.merge(counted);
      if (oldestMs === undefined) return { groups: counts.all(), countedFromMs: undefined };
      toMs = oldestMs;
    }
    return { groups: counts.all(), countedFromMs: toMs };
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

  /** Says that something was written, so that pages notice. */
  async announce(): Promise<void> {
    await this.database.transaction((manager) => nextChange(manager, TRACES_COUNTER));
  }

  private async find(query: TraceQuery, columns: string[]): Promise<RequestTraceEntity[]> {
    if (query.principalIds?.length === 0 || query.traceIds?.length === 0) return [];
    const isNarrow =
      query.requestId !== undefined || query.traceIds !== undefined || query.terms?.some(isOfFewRequests) === true;
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

  private countPart(query: TraceQuery, { by, bucketMs }: GroupQuery): Promise<TraceGroup[]> {
    return this.database.read(async (manager) => {
      const rows = manager
        .createQueryBuilder(RequestTraceEntity, 'trace')
        .select('COUNT(*)', 'count')
        .addSelect('MIN(trace.startedAtMs)', 'first')
        // The begin has 13 digits until the year 2286, so that the greatest text is the newest request.
        .addSelect("MAX(trace.startedAtMs || '-' || trace.id)", 'last');
      narrow(rows, query);
      for (const key of by) rows.addSelect(`trace.${COLUMNS[key]}`, `by_${key}`).addGroupBy(`trace.${COLUMNS[key]}`);
      if (bucketMs !== undefined) {
        const bucket = `trace.startedAtMs - trace.startedAtMs % ${Math.trunc(bucketMs)}`;
        rows.addSelect(bucket, 'bucket').addGroupBy(bucket);
      }
      const found = await rows.getRawMany<Record<string, string | number | null>>();
      return found.map((row) => groupOfRow(row, by));
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

const COLUMNS: Readonly<Record<GroupKey, string>> = {
  ...{ model: 'model', operation: 'operation', protocol: 'protocol', outcome: 'outcome', token: 'principalId' },
  pod: 'pod',
};

function groupOfRow(row: Record<string, string | number | null>, by: readonly GroupKey[]): TraceGroup {
  const [, lastAtMs = '0', lastKey = ''] = /^(\d+)-(.*)$/.exec(String(row['last'])) ?? [];
  return {
    values: Object.fromEntries(by.map((key) => [key, textOrNull(row[`by_${key}`])])),
    ...(row['bucket'] === undefined ? {} : { bucketAtMs: Number(row['bucket']) }),
    ...{ count: Number(row['count']), firstAtMs: Number(row['first']), lastAtMs: Number(lastAtMs), lastKey },
  };
}

function textOrNull(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Whether an index leads to the few requests that a condition asks for. */
function isOfFewRequests(term: TraceTerm): boolean {
  return !term.not && (term.key === 'request' || term.key === 'trace' || term.key === 'id');
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
  query.terms?.forEach((term, at) => rows.andWhere(...conditionOf(term, at)));
}
