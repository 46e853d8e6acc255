import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageHourEntity } from '#database';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

const NOON_MS = Date.UTC(2026, 0, 31, 12);

describe('usage', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let member: Record<string, string>;
  let mine: string;
  let other: string;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    const [olga, mia] = [await admin.account('olga', 'owner'), await admin.account('mia', 'member')];
    [owner, member] = [await admin.browserOf(olga), await admin.browserOf(mia)];
    const made = async (name: string, ownerId: string) =>
      (await admin.services.tokens.create(ON_HOST, { name, expiresInDays: 1, ownerId })).record.id;
    [mine, other] = [await made('mine', mia.id), await made('other', olga.id)];
    const rows = [mine, other].flatMap((principalId) =>
      [0, 1].map((hours) => ({
        principalId,
        model: 'mini-clip',
        hourStartMs: NOON_MS + hours * 3_600_000,
        ...(hours === 0 ? { protocol: 'grpc', outcome: 'ok' } : { protocol: 'http', outcome: 'item_failed' }),
        requests: 2,
        items: 10,
        refused: 1,
        denied: 1,
      })),
    );
    await admin.services.database.transaction((manager) => manager.insert(UsageHourEntity, rows));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const usage = async (query: string, headers: Record<string, string>) =>
    admin.call('GET', `/api/usage?${query}`, { headers });

  it('is summed by day, with the names of the tokens', async () => {
    const { json } = await usage('from=2026-01-31&to=2026-02-01', owner);
    expect(json.rows).toHaveLength(2);
    expect(json.rows).toContainEqual({
      startMs: Date.UTC(2026, 0, 31),
      tokenId: mine,
      tokenName: 'mine',
      model: 'mini-clip',
      requests: 4,
      items: 20,
      refused: 2,
      denied: 2,
    });
  });

  it('is told by the hour and for one token where that is asked for, in UTC', async () => {
    const { json } = await usage(`from=2026-01-31T12:00:00&to=2026-01-31T13:00:00&by=hour&token=${other}`, owner);
    expect(json.rows).toMatchObject([{ tokenId: other, startMs: NOON_MS, items: 10 }]);
  });

  it('of the own tokens is all that a member sees', async () => {
    const period = 'from=2026-01-31&to=2026-02-01';
    expect((await usage(period, member)).json.rows).toMatchObject([{ tokenId: mine }]);
    expect((await usage(`${period}&token=${other}`, member)).json.rows).toEqual([]);
  });

  it('is told apart by what is asked for, with the totals', async () => {
    const period = 'from=2026-01-31&to=2026-02-01';
    const { json } = await usage(`${period}&per=protocol,outcome`, owner);
    const startMs = Date.UTC(2026, 0, 31);
    expect(json.rows).toEqual([
      { startMs, protocol: 'grpc', outcome: 'ok', requests: 4, items: 20, refused: 2, denied: 2 },
      { startMs, protocol: 'http', outcome: 'item_failed', requests: 4, items: 20, refused: 2, denied: 2 },
    ]);
    expect(json.totals).toEqual({ requests: 8, items: 40, refused: 4, denied: 4 });
    expect((await usage(`${period}&per=&by=total`, owner)).json.rows).toMatchObject([{ requests: 8 }]);
    expect((await usage(`${period}&per=&protocol=grpc`, owner)).json.totals.requests).toBe(4);
    expect((await usage(`${period}&per=outcome&outcome=ok`, member)).json.totals.requests).toBe(2);
  });

  it('comes as CSV, in which no name is a formula', async () => {
    const { services } = admin;
    const { record } = await services.tokens.create(ON_HOST, { name: '=cmd|"x"', expiresInDays: 1 });
    const at = { hourStartMs: NOON_MS, protocol: 'http', outcome: 'ok', requests: 1, items: 1, refused: 0 };
    await services.database.transaction((manager) =>
      manager.insert(UsageHourEntity, { principalId: record.id, model: 'other', ...at }),
    );
    const url = '/api/usage.csv?from=2026-01-31&to=2026-02-01&model=other';
    const { headers, text } = await admin.call('GET', url, { headers: owner });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toContain('usage.csv');
    expect(text).toBe(
      'start,tokenId,tokenName,model,requests,items,refused,denied\r\n' +
        `2026-01-31T00:00:00.000Z,${record.id},"'=cmd|""x""",other,1,1,0,0\r\n`,
    );
    expect((await admin.call('GET', url, { headers: member })).text.split('\r\n')).toHaveLength(2);
  });

  it.each([
    'per=colour',
    'per=token,token,token,token,token',
    'protocol=' + 'x'.repeat(21),
    'from=yesterday',
    'from=2026-02-01&to=2026-01-01',
    'by=minute',
    'by=hour&from=2020-01-01',
    'nosuch=1',
  ])('is not told for %s', async (query) => {
    expect((await usage(query, owner)).status).toBe(422);
  });
});
