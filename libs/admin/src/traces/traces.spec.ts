import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, RequestTraceEntity } from '#database';
import { KeptTraces, RecentTraces, TraceSearch, TraceWriter, type TraceRecord } from '#telemetry';
import { DomainError, systemClock } from '#core';
import { buildBatch, buildSpan, buildTrace, TRACED_AT_MS } from '../../../../test/support/traces.js';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

const memory = () => new RecentTraces({ countMax: 1000, bytesMax: 1e7 });

/** Writes as the process `pod` does while it serves. */
async function write(database: Database, records: readonly TraceRecord[]): Promise<void> {
  const writer = new TraceWriter({ store: new KeptTraces(database), clock: systemClock });
  for (const record of records) writer.onTrace(record);
  await writer.stop();
}

describe('traces', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let viewer: Record<string, string>;
  let member: Record<string, string>;
  let mine: TraceRecord;
  let theirs: TraceRecord;
  let elsewhere: TraceRecord;
  const recent = memory();
  const batch = () => recent.batch(mine.batchIds[0]!)!;

  beforeAll(async () => {
    admin = await AdminUnderTest.open({
      traces: (database) => new TraceSearch({ pod: 'pod-1', memory: recent, database: new KeptTraces(database) }),
    });
    const [olga, vera] = [await admin.account('olga', 'owner'), await admin.account('vera', 'viewer')];
    const mia = await admin.account('mia', 'member');
    [owner, viewer, member] = [await admin.browserOf(olga), await admin.browserOf(vera), await admin.browserOf(mia)];
    const tokenOf = async (ownerId: string, name: string) =>
      (await admin.services.tokens.create(ON_HOST, { name, expiresInDays: 1, ownerId })).record.id;
    mine = buildTrace({ principalId: await tokenOf(mia.id, 'mine'), startedAtMs: TRACED_AT_MS + 3 });
    theirs = buildTrace({
      ...{ principalId: await tokenOf(olga.id, 'theirs'), outcome: 'queue_full', kept: 'failed' },
      ...{ durationMs: 700, protocol: 'grpc', startedAtMs: TRACED_AT_MS + 2 },
    });
    elsewhere = buildTrace({ principalId: 'anonymous', pod: 'pod-2', startedAtMs: TRACED_AT_MS + 1 });
    for (const record of [mine, theirs]) recent.onTrace(record);
    recent.onBatch(buildBatch([mine, theirs], { batchId: mine.batchIds[0]! }));
    await write(admin.services.database, [mine, elsewhere]);
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const get = (path: string, headers: Record<string, string>) => admin.call('GET', `/api/${path}`, { headers });
  const idsOf = (json: { traces: { requestId: string }[] }) => json.traces.map(({ requestId }) => requestId);

  it('of this process and of all others are one list, each request once, the newest first', async () => {
    const { json } = await get('traces', owner);
    expect(idsOf(json)).toEqual([mine.requestId, theirs.requestId, elsewhere.requestId]);
    expect(json.traces[0]).toEqual({
      ...{ traceId: mine.traceId, spanId: mine.spans[0]!.spanId, requestId: mine.requestId, pod: 'pod-1' },
      ...{ startedAtMs: mine.startedAtMs, durationMs: 12.5, protocol: 'http', operation: 'embeddings' },
      ...{ model: 'mini-clip', outcome: 'ok', tokenId: mine.principalId, tokenName: 'mine', items: 3, kept: 'sampled' },
      ...{ queueMs: 1.75, replica: 'mini-clip/0', device: 'cpu', batchItems: 6, batchItemsMax: 32 },
    });
    expect(json.sources).toEqual([
      { kind: 'memory', pod: 'pod-1', asked: true, reason: null },
      { kind: 'database', pod: null, asked: true, reason: null },
    ]);
  });

  it('come page by page', async () => {
    const first = (await get('traces?limit=2', owner)).json;
    expect(idsOf(first)).toEqual([mine.requestId, theirs.requestId]);
    const second = (await get(`traces?limit=2&cursor=${first.cursor}`, owner)).json;
    expect([idsOf(second), second.cursor]).toEqual([[elsewhere.requestId], null]);
  });

  it('are found by what they were, how long they took and how they ended', async () => {
    const found = async (query: string) => idsOf((await get(`traces?${query}`, owner)).json);
    expect(await found('slowerThanMs=500')).toEqual([theirs.requestId]);
    expect(await found('outcome=failed')).toEqual([theirs.requestId]);
    expect(await found('outcome=queue_full&protocol=grpc')).toEqual([theirs.requestId]);
    expect(await found(`requestId=${elsewhere.requestId}`)).toEqual([elsewhere.requestId]);
    expect(await found(`traceId=${elsewhere.traceId}`)).toEqual([elsewhere.requestId]);
    expect(await found(`token=${theirs.principalId}`)).toEqual([theirs.requestId]);
    expect(await found('from=2026-01-31T12:00:00.002Z&to=2026-01-31T12:00:00.003Z')).toEqual([theirs.requestId]);
    expect(await found('model=nosuch')).toEqual([]);
  });

  const filtered = async (terms: object[], headers = owner) =>
    idsOf((await get(`traces?filter=${encodeURIComponent(JSON.stringify(terms))}`, headers)).json);

  it('are found by conditions that must all hold, any of some values, comparisons, and what must not hold', async () => {
    expect(await filtered([{ key: 'duration', compare: '>', value: 500 }])).toEqual([theirs.requestId]);
    expect(await filtered([{ key: 'duration', compare: '>', value: 500, not: true }])).toEqual([
      ...[mine.requestId, elsewhere.requestId],
    ]);
    expect(await filtered([{ key: 'pod', any: ['pod-2', 'pod-3'] }])).toEqual([elsewhere.requestId]);
    expect(
      await filtered([
        { key: 'has', any: ['token'] },
        { key: 'outcome', any: ['failed'], not: true },
      ]),
    ).toEqual([mine.requestId]);
    expect(
      await filtered([
        { key: 'batch.fill', compare: '<', value: 0.5 },
        { key: 'protocol', any: ['grpc'] },
      ]),
    ).toEqual([theirs.requestId]);
    expect(await filtered([{ key: 'id', any: [theirs.traceId, elsewhere.requestId] }])).toEqual([
      ...[theirs.requestId, elsewhere.requestId],
    ]);
    expect(await filtered([{ key: 'token', any: ['theirs'] }])).toEqual([theirs.requestId]);
    expect(await filtered([{ key: 'token', any: ['theirs'] }], member)).toEqual([]);
    expect(await filtered([{ key: 'token', any: [theirs.principalId] }], member)).toEqual([]);
    expect(await filtered([{ key: 'token', any: [theirs.principalId], not: true }], member)).toEqual([mine.requestId]);
  });

  it.each(['nonsense', '{}', '[{"key":"colour","any":["red"]}]', '[{"key":"items","compare":"~","value":1}]'])(
    'are not listed with conditions that cannot be read, and the answer says how they look: %s',
    async (filter) => {
      const { status, json } = await get(`traces?filter=${encodeURIComponent(filter)}`, owner);
      expect(status).toBe(422);
      expect(json.error.message).toContain('filter must be JSON, a list of conditions');
    },
  );

  const valuesOf = (json: { facets: { key: string; values: object[] }[] }, key: string) =>
    json.facets.find((facet) => facet.key === key)?.values;

  it('are counted by what they are, and when they began', async () => {
    const { json } = await get('traces/facets', owner);
    expect(json).toMatchObject({ total: 2, countedFromMs: null, bucketMs: 1000 });
    expect(valuesOf(json, 'pod')).toEqual([
      { value: 'pod-1', name: null, count: 1 },
      { value: 'pod-2', name: null, count: 1 },
    ]);
    expect(valuesOf(json, 'token')).toContainEqual({ value: mine.principalId, name: 'mine', count: 1 });
    expect(json.buckets).toEqual([{ fromMs: TRACED_AT_MS, count: 2, failed: 0 }]);
    const filter = encodeURIComponent('[{"key":"pod","any":["pod-2"]}]');
    expect((await get(`traces/facets?filter=${filter}`, owner)).json.total).toBe(1);
  });

  it('are counted for a member as far as they are its own', async () => {
    const { json, text } = await get('traces/facets', member);
    expect(json.total).toBe(1);
    for (const id of [theirs.principalId, 'pod-2', 'anonymous']) expect(text).not.toContain(id);
  });

  it('are given as the JSON of OTLP, for those who may see them', async () => {
    const { json } = await get(`traces/${theirs.requestId}/otlp`, owner);
    const [{ resource, scopeSpans }] = json.resourceSpans;
    expect(resource.attributes).toContainEqual({ key: 'host.name', value: { stringValue: 'pod-1' } });
    expect(scopeSpans[0].spans).toHaveLength(theirs.spans.length);
    expect(scopeSpans[0].spans[0]).toMatchObject({
      ...{ traceId: theirs.traceId, spanId: theirs.spans[0]!.spanId, name: 'POST /v1/embeddings' },
      startTimeUnixNano: `${theirs.startedAtMs}000000`,
    });
    expect((await get(`traces/${theirs.requestId}/otlp`, member)).status).toBe(404);
    expect((await get('traces/nosuch/otlp', owner)).status).toBe(404);
  });

  it.each(['traceId', 'requestId'] as const)('are shown whole by their %s, wherever they lie', async (key) => {
    for (const record of [theirs, elsewhere]) {
      const { json } = await get(`traces/${record[key]}`, viewer);
      expect(json.traces).toMatchObject([{ requestId: record.requestId, batchIds: record.batchIds }]);
      expect(json.traces[0].spans.map(({ name }: { name: string }) => name)).toEqual(
        record.spans.map(({ name }) => name),
      );
      expect(json.traces[0].spans[0]).toMatchObject({ kind: 'server', parentSpanId: null, error: null });
    }
  });

  it('of the same trace are shown together', async () => {
    const [one, other] = [buildTrace({ traceId: 'c'.repeat(32) }), buildTrace({ traceId: 'c'.repeat(32) })];
    await write(admin.services.database, [one, other]);
    expect(idsOf((await get(`traces/${'c'.repeat(32)}`, owner)).json).toSorted()).toEqual(
      [one.requestId, other.requestId].toSorted(),
    );
  });

  it('of the own tokens are all that a member sees', async () => {
    expect(idsOf((await get('traces', member)).json)).toEqual([mine.requestId]);
    expect(idsOf((await get(`traces?token=${theirs.principalId}`, member)).json)).toEqual([]);
    expect(idsOf((await get(`traces?requestId=${theirs.requestId}`, member)).json)).toEqual([]);
    expect((await get(`traces/${mine.requestId}`, member)).status).toBe(200);
    for (const id of [theirs.requestId, theirs.traceId, elsewhere.traceId]) {
      expect((await get(`traces/${id}`, member)).status).toBe(404);
    }
  });

  it('of a batch have all of its riders for those who see everything', async () => {
    const { json } = await get(`batches/${mine.batchIds[0]}`, viewer);
    expect(json.batch).toMatchObject({ ...batch(), spans: expect.any(Array), others: { requests: 0, items: 0 } });
    expect(json.batch.riders).toHaveLength(2);
    expect(json.batch.spans[0].links).toHaveLength(2);
  });

  it('of a batch have for a member its own riders only; nothing names the others', async () => {
    const { json, text } = await get(`batches/${mine.batchIds[0]}`, member);
    expect(json.batch).toMatchObject({
      riders: [{ requestId: mine.requestId, traceId: mine.traceId, items: 3 }],
      others: { requests: 1, items: 3 },
    });
    for (const id of [theirs.requestId, theirs.traceId, theirs.principalId]) expect(text).not.toContain(id);
  });

  it('of a batch without riders of the own are none for a member', async () => {
    const foreign = buildBatch([theirs]);
    recent.onBatch(foreign);
    expect((await get(`batches/${foreign.batchId}`, member)).status).toBe(404);
    expect((await get(`batches/${foreign.batchId}`, owner)).status).toBe(200);
  });

  it('that failed are a table by error, token and model, with the newest of each', async () => {
    const failed = { outcome: 'queue_full', kept: 'failed', principalId: mine.principalId } as const;
    const [first, last] = [1, 2].map((at) => buildTrace({ ...failed, startedAtMs: TRACED_AT_MS - 1000 * at }));
    await write(admin.services.database, [last!, first!]);
    for (const headers of [owner, member]) {
      const { json } = await get('traces/errors?to=2026-01-31T12:00:00Z', headers);
      expect(json.errors).toEqual([
        {
          ...{ outcome: 'queue_full', tokenId: mine.principalId, tokenName: 'mine', model: 'mini-clip', count: 2 },
          ...{ firstAtMs: last!.startedAtMs, lastAtMs: first!.startedAtMs, lastTraceId: first!.traceId },
        },
      ]);
    }
  });

  it.each([
    ['limit=0', 'limit must be a whole number from 1 to 500.'],
    ['limit=501', 'limit must be a whole number from 1 to 500.'],
    ['slowerThanMs=-1', 'slowerThanMs must be a whole number from 0 to 86400000.'],
    ['slowerThanMs=slow', 'slowerThanMs must be a whole number from 0 to 86400000.'],
    ['outcome=broken', 'outcome must be one of ok, failed,'],
    ['protocol=smtp', 'protocol must be one of grpc, http, websocket.'],
    ['from=yesterday', 'from must be a date or time'],
    ['from=2026-02-01&to=2026-01-01', 'from must be before to.'],
    ['traceId=ABC', 'traceId must be 32 digits, 0 to 9 and a to f.'],
    ['cursor=1', 'cursor must be the cursor of the page before'],
    ['requestid=x', 'Did you mean "requestId"?'],
  ])('are not listed with %s, and the answer says why', async (query, message) => {
    const { status, json } = await get(`traces?${query}`, owner);
    expect([status, json.error.code]).toEqual([422, 'invalid_argument']);
    expect(json.error.message).toContain(message);
  });

  it('that are not there are a 404 that says what could not be asked', async () => {
    await using alone = await AdminUnderTest.open();
    const headers = await alone.programWith(['admin:*']);
    const { json: list } = await alone.call('GET', '/api/traces', { headers });
    expect(list.traces).toEqual([]);
    expect(list.sources.map(({ asked }: { asked: boolean }) => asked)).toEqual([false, false]);
    for (const path of ['traces/nosuch', 'batches/nosuch']) {
      const { status, json } = await alone.call('GET', `/api/${path}`, { headers });
      expect(status).toBe(404);
      expect(json.error.message).toContain('This process serves no requests of its own');
      expect(json.error.message).toContain('CAS_TRACE_RETENTION_HOURS');
    }
  });

  it('in memory are shown also while the database has none to give, and the answer says so', async () => {
    const own = memory();
    await using alone = await AdminUnderTest.open({
      traces: (database) => new TraceSearch({ pod: 'pod-1', memory: own, database: new KeptTraces(closed(database)) }),
    });
    const record = buildTrace({ spans: [buildSpan()] });
    own.onTrace(record);
    const headers = await alone.programWith(['admin:*']);
    const { status, json } = await alone.call('GET', '/api/traces', { headers });
    expect([status, idsOf(json)]).toEqual([200, [record.requestId]]);
    expect(json.sources[1]).toMatchObject({ kind: 'database', asked: false });
    expect(json.sources[1].reason).toContain('The database cannot be reached at the moment.');
  });

  it('lie in the database with nothing that their records did not hold', async () => {
    const rows = await admin.services.database.read((manager) =>
      manager.findBy(RequestTraceEntity, { id: `${mine.traceId}-${mine.spans[0]!.spanId}` }),
    );
    const { spans, batchIds, ...rest } = mine;
    const held = JSON.stringify([rest, batchIds, spans]);
    const [row] = rows;
    for (const value of [row!.requestId, row!.pod, row!.model, row!.principalId]) expect(held).toContain(value);
    const texts = [...row!.detail.matchAll(/"([^"]+)"/g)].map(([, text]) => text!);
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(held + '"batchIds""spans"').toContain(text);
  });
});

/** The same database as if it could not be reached. */
function closed(database: Database): Database {
  return Object.assign(Object.create(database) as Database, {
    read: () =>
      Promise.reject(new DomainError('unavailable', 'The database cannot be reached at the moment. Try again.')),
  });
}
