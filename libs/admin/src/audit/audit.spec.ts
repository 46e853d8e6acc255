import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAuditLines } from '#audit';
import { AdminUnderTest } from '../testing/admin-under-test.js';

describe('the audit trail', () => {
  let admin: AdminUnderTest;
  let headers: Record<string, string>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    headers = await admin.browserOf(await admin.account('olga', 'owner'));
    for (const name of ['one', 'two', 'three']) {
      await admin.call('POST', '/api/tokens', { body: { name, expiresInDays: 1 }, headers });
    }
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const list = (query: string) => admin.call('GET', `/api/audit?${query}`, { headers });

  it('is read page by page, the newest event first, with who did what from where', async () => {
    const first = (await list('action=token.&limit=2')).json;
    expect(first.events.map(({ target }: { target: { name: string } }) => target.name)).toEqual(['three', 'two']);
    expect(first.events[0]).toMatchObject({
      action: 'token.create',
      actor: { kind: 'account', name: 'olga@example.com', from: '127.0.0.1' },
      before: null,
      after: { name: 'three' },
    });
    const second = (await list(`action=token.&limit=2&cursor=${first.cursor}`)).json;
    expect(second.events.map(({ target }: { target: { name: string } }) => target.name)).toEqual(['one']);
    expect(second.cursor).toBeNull();
  });

  it('is searched by conditions that all hold, some of them turned around, and never by what cannot be read', async () => {
    const search = async (filter: unknown) =>
      (await list(`filter=${encodeURIComponent(JSON.stringify(filter))}`)).json.events?.map(
        ({ target }: { target: { name: string } }) => target.name,
      );
    const tokens = { key: 'action', any: ['token.'] };
    expect(await search([tokens, { key: 'target', not: true, any: ['one'] }])).toEqual(['three', 'two']);
    expect(await search([tokens, { key: 'target', any: ['one', 'two'] }])).toEqual(['two', 'one']);
    expect(
      await search([
        { key: 'text', any: ['THREE'] },
        { key: 'by', any: ['account'] },
      ]),
    ).toEqual(['three']);
    expect(await search([tokens, { key: 'address', not: true, any: ['127.0.0.1'] }])).toEqual([]);
    const csv = await admin.call('GET', `/api/audit.csv?filter=${JSON.stringify([{ key: 'target', any: ['two'] }])}`, {
      headers,
    });
    expect(csv.text.trim().split('\r\n')).toHaveLength(2);
    for (const filter of [
      '[',
      '{}',
      '[{"key":"hash","any":["a"]}]',
      `[${'{"key":"text","any":["a"]},'.repeat(17).slice(0, -1)}]`,
    ]) {
      const answer = await list(`filter=${encodeURIComponent(filter)}`);
      expect([answer.status, answer.json.error.message]).toEqual([422, expect.stringContaining('Example')]);
    }
  });

  it('is narrowed down by time', async () => {
    expect((await list('to=2020-01-01')).json.events).toEqual([]);
    expect((await list('from=2020-01-01')).json.events.length).toBeGreaterThan(3);
  });

  it.each(['limit=0', 'limit=1000', 'limit=ten', 'cursor=-1', 'cursor=1e30', 'from=yesterday', 'actors=x'])(
    'is not read with %s',
    async (query) => {
      expect((await list(query)).status).toBe(422);
    },
  );

  it('is exported whole, as lines that verify without the service', async () => {
    const { text, headers: answered } = await admin.call('GET', '/api/audit/export', { headers });
    expect(answered['content-type']).toContain('application/x-ndjson');
    expect(answered['content-disposition']).toContain('audit.jsonl');
    const verdict = await verifyAuditLines(text.split('\n'));
    expect(verdict).toEqual((await admin.call('GET', '/api/audit/verify', { headers })).json);
    expect(verdict).toMatchObject({ ok: true, firstSeq: 1 });
  });

  it('is checked against a head that was noted before', async () => {
    const { json } = await admin.call('GET', '/api/audit/verify', { headers });
    const verify = (seq: number, hash: string) =>
      admin.call('GET', `/api/audit/verify?seq=${seq}&hash=${hash}`, { headers });
    expect((await verify(json.head.seq, json.head.hash)).json.ok).toBe(true);
    expect((await verify(json.head.seq, '0'.repeat(64))).json).toMatchObject({ ok: false, seq: json.head.seq });
    for (const query of ['seq=1', `seq=1e30&hash=${'0'.repeat(64)}`]) {
      expect((await admin.call('GET', `/api/audit/verify?${query}`, { headers })).status).toBe(422);
    }
  });

  it('is searched by a part of a name, in any case, with nothing taken for a pattern', async () => {
    const found = async (text: string) => (await list(`text=${encodeURIComponent(text)}&action=token.`)).json.events;
    expect((await found('TW')).map(({ target }: { target: { name: string } }) => target.name)).toEqual(['two']);
    expect(await found('OLGA@')).toHaveLength(3);
    expect(await found('t%o')).toEqual([]);
  });

  it('comes as CSV, as narrowed down', async () => {
    const { headers: answered, text } = await admin.call('GET', '/api/audit.csv?action=token.', { headers });
    expect(answered['content-type']).toBe('text/csv; charset=utf-8');
    const [heading, ...rows] = text.trim().split('\r\n');
    expect(heading).toMatch(/^number,time,actorKind,actor,/);
    expect(rows.map((row) => row.split(',')[8])).toEqual(['three', 'two', 'one']);
  });

  it('is checked step by step, each from where the last one ended', async () => {
    const step = (query: string) => admin.call('GET', `/api/audit/verify/step?${query}`, { headers });
    const { json: first } = await step('eventsMax=2');
    expect(first).toMatchObject({ ok: true, events: 2, isEnd: false, head: { seq: 2 } });
    const since = `sinceSeq=${first.head.seq}&sinceHash=${first.head.hash}`;
    const { json: last } = await step(since);
    expect(last).toMatchObject({ ok: true, isEnd: true, events: first.total - 2, total: first.total });
    expect(last.head).toEqual((await admin.call('GET', '/api/audit/verify', { headers })).json.head);
    const wrong = await step(`sinceSeq=2&sinceHash=${'0'.repeat(64)}`);
    expect(wrong.json).toMatchObject({ ok: false, seq: 2, reason: expect.any(String) });
    for (const query of ['sinceSeq=1', 'eventsMax=0', 'eventsMax=10001']) expect((await step(query)).status).toBe(422);
  });
});
