import { expect, it } from 'vitest';
import type { Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { buildBatch, buildSpan, buildTrace, TRACED_AT_MS } from '../../../../test/support/traces.js';
import type { TraceRecord } from '../tracing/records.js';
import { KeptTraces } from './kept-traces.js';
import { RecentTraces } from './recent-traces.js';
import { storeBatch } from './stored-batch.js';
import { storeTrace } from './stored-trace.js';
import { positionOf, type TracePosition, type TraceQuery } from './trace-query.js';
import type { GroupQuery, TraceGroup } from './trace-groups.js';
import { FAILED, type TraceTerm } from './trace-terms.js';

const write = (database: Database, records: readonly TraceRecord[]) =>
  new KeptTraces(database).write(records.map(storeTrace), []);

/** Requests that differ in everything that is searched by. */
function variety(): TraceRecord[] {
  return Array.from({ length: 60 }, (_, at) =>
    buildTrace({
      startedAtMs: TRACED_AT_MS + Math.floor(at / 3), // three in each millisecond
      durationMs: at * 10.001,
      ...(at % 4 === 0 ? { outcome: 'queue_full', kept: 'failed' } : {}),
      ...(at % 5 === 0 ? { model: undefined, operation: 'models' } : {}),
      ...(at % 7 === 0 ? { principalId: 'token-2', protocol: 'grpc' } : {}),
      ...(at % 6 === 0 ? { spans: [buildSpan()], batchIds: [] } : {}),
    }),
  );
}

/** Every kind of condition, and each of them turned around. */
function termsFor({ requestId, traceId }: TraceRecord): TraceTerm[] {
  const terms: TraceTerm[] = [
    { key: 'model', not: false, any: ['mini-clip', 'other'] },
    { key: 'operation', not: false, any: ['models'] },
    { key: 'protocol', not: false, any: ['grpc'] },
    { key: 'outcome', not: false, any: ['queue_full'] },
    { key: 'outcome', not: false, any: [FAILED] },
    { key: 'token', not: false, any: ['token-2'] },
    { key: 'request', not: false, any: [requestId] },
    { key: 'trace', not: false, any: [traceId] },
    { key: 'id', not: false, any: [traceId, requestId] },
    { key: 'pod', not: false, any: ['pod-1'] },
    { key: 'replica', not: false, any: ['mini-clip/0'] },
    { key: 'device', not: false, any: ['cuda:0'] },
    { key: 'kept', not: false, any: ['failed'] },
    { key: 'duration', not: false, compare: '>', value: 300.03 },
    { key: 'duration', not: false, compare: '<=', value: 100.01 },
    { key: 'queue', not: false, compare: '>=', value: 1.75 },
    { key: 'queue', not: false, compare: '<', value: 1.75 },
    { key: 'items', not: false, compare: '=', value: 3 },
    { key: 'batch.size', not: false, compare: '>', value: 5 },
    { key: 'batch.fill', not: false, compare: '<', value: 0.19 },
    { key: 'batch.fill', not: false, compare: '<', value: 0.1875 },
    { key: 'has', not: false, any: ['model'] },
    { key: 'has', not: false, any: ['batch'] },
    { key: 'has', not: false, any: ['error', 'token'] },
  ];
  return [...terms, ...terms.map((term) => ({ ...term, not: true }))];
}

onEachDatabase((databases) => {
  it('the database answers every search as the memory does', async () => {
    const records = variety();
    const database = await databases.open();
    await write(database, records);
    const [kept, recent] = [new KeptTraces(database), new RecentTraces({ countMax: 1000, bytesMax: 1e7 })];
    for (const record of records) recent.onTrace(record);
    const queries: Omit<TraceQuery, 'limit'>[] = [
      {},
      { model: 'mini-clip', operation: 'embeddings' },
      { operation: 'models' },
      { protocol: 'grpc' },
      { outcome: FAILED },
      { outcome: 'ok', principalIds: ['token-2', 'token-3'] },
      { principalIds: [] },
      { requestId: records[9]!.requestId },
      { traceIds: [records[3]!.traceId, records[4]!.traceId] },
      { slowerThanMs: 300.03 },
      { fromMs: TRACED_AT_MS + 3, toMs: TRACED_AT_MS + 9 },
      { model: "'; DROP TABLE request_trace; --" },
    ];
    const terms = termsFor(records[9]!);
    queries.push(...terms.map((term) => ({ terms: [term] })));
    const notGrpc: TraceTerm = { key: 'protocol', not: true, any: ['grpc'] };
    queries.push(...terms.map((term) => ({ terms: [notGrpc, term] })));
    for (const query of queries) {
      for (const limit of [2, 100]) {
        expect(await kept.search({ ...query, limit }), JSON.stringify(query)).toEqual(
          recent.search({ ...query, limit }),
        );
      }
    }
    expect(await kept.read({ limit: 5 })).toEqual(recent.read({ limit: 5 }));
  });

  it('the database counts as the memory does, by everything, by hours and by failures', async () => {
    const records = variety();
    const database = await databases.open();
    await write(database, records);
    const [kept, recent] = [new KeptTraces(database), new RecentTraces({ countMax: 1000, bytesMax: 1e7 })];
    for (const record of records) recent.onTrace(record);
    const all = ['model', 'operation', 'protocol', 'outcome', 'token', 'pod'] as const;
    for (const [query, groups] of [
      [{ limit: 1 }, { by: all }],
      [{ limit: 1 }, { by: ['outcome'] }],
      [
        { limit: 1, fromMs: TRACED_AT_MS + 3, toMs: TRACED_AT_MS + 9 },
        { by: ['model'], bucketMs: 2 },
      ],
      [{ limit: 1, outcome: FAILED }, { by: ['outcome', 'token', 'model'] }],
      [{ limit: 1, terms: [{ key: 'duration', not: false, compare: '>', value: 100 }] }, { by: ['protocol'] }],
      [{ limit: 1, principalIds: ['token-2'] }, { by: ['token'] }],
      [{ limit: 1, principalIds: [] }, { by: ['token'] }],
    ] satisfies [TraceQuery, GroupQuery][]) {
      const [ofDatabase, ofMemory] = [await kept.count(query, groups), recent.count(query, groups)];
      expect(ofDatabase.countedFromMs).toBeUndefined();
      expect(sorted(ofDatabase.groups), JSON.stringify(query)).toEqual(sorted(ofMemory.groups));
    }
    const { groups } = await kept.count({ limit: 1, outcome: FAILED }, { by: ['outcome'] });
    expect(groups).toMatchObject([{ values: { outcome: 'queue_full' }, count: 15, firstAtMs: TRACED_AT_MS }]);
    expect(groups[0]!.lastKey).toContain(records[56]!.traceId);
  });

  it('pages have each request once, also when several began in the same millisecond', async () => {
    const records = variety();
    const database = await databases.open();
    await write(database, records);
    const kept = new KeptTraces(database);
    const read: string[] = [];
    for (let after: TracePosition | undefined; ;) {
      const page = await kept.search({ after, limit: 7 });
      read.push(...page.map(({ requestId }) => requestId));
      const last = page.at(-1);
      if (!last) break;
      after = positionOf(last);
    }
    expect(read).toHaveLength(records.length);
    expect(new Set(read)).toEqual(new Set(records.map(({ requestId }) => requestId)));
  });

  it('what is rare is found among thousands, and nothing is made of what is not there', async () => {
    const database = await databases.open();
    const rare = buildTrace({ outcome: 'replica_lost', startedAtMs: TRACED_AT_MS - 1 });
    const crowd = Array.from({ length: 6_000 }, (_, at) =>
      buildTrace({ startedAtMs: TRACED_AT_MS + Math.floor(at / 10), spans: rare.spans.slice(0, 1) }),
    );
    for (let at = 0; at < crowd.length; at += 500) await write(database, crowd.slice(at, at + 500));
    await write(database, [rare]);
    const kept = new KeptTraces(database);
    expect(await kept.search({ outcome: 'replica_lost', protocol: 'http', limit: 5 })).toMatchObject([
      { requestId: rare.requestId },
    ]);
    expect(await kept.search({ operation: 'nosuch', limit: 5 })).toEqual([]);
    expect(await kept.search({ operation: 'nosuch', fromMs: TRACED_AT_MS + 100, limit: 5 })).toEqual([]);
  });

  it('a record that is written twice is there once', async () => {
    const database = await databases.open();
    const [trace, batch] = [storeTrace(buildTrace()), buildBatch()];
    const kept = new KeptTraces(database);
    await kept.write([trace], [storeBatch(batch)]);
    await kept.write([trace, storeTrace(buildTrace())], [storeBatch(batch)]);
    expect(await kept.search({ limit: 10 })).toHaveLength(2);
    expect(await kept.batch(batch.batchId)).toEqual(batch);
    expect(await kept.batch('nosuch')).toBeUndefined();
  });

  it('texts that are longer than their columns, or hold a NUL, do not keep a record out', async () => {
    const database = await databases.open();
    await write(database, [buildTrace({ model: `m\0${'ü'.repeat(5000)}`, operation: 'o'.repeat(500) })]);
    const [found] = await new KeptTraces(database).search({ limit: 1 });
    expect(found).toMatchObject({ operation: 'o'.repeat(60), model: `m${'ü'.repeat(199)}` });
  });

  it('a request whose spans another version has written is shown without them', async () => {
    const database = await databases.open();
    const { summary } = storeTrace(buildTrace());
    await new KeptTraces(database).write([{ summary, detail: '{"spans":[{"v":2}]}' }], []);
    const [read] = await new KeptTraces(database).read({ limit: 1 });
    expect(read).toMatchObject({ requestId: summary.requestId, spans: [], batchIds: [] });
  });
});

function sorted(groups: readonly TraceGroup[]): TraceGroup[] {
  return groups.toSorted((a, b) =>
    JSON.stringify([a.values, a.bucketAtMs]).localeCompare(JSON.stringify([b.values, b.bucketAtMs])),
  );
}
