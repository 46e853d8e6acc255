import { expect, it } from 'vitest';
import { startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { call } from './support/http-call.js';

const CHANGED = 'the log level has changed';

it('is changed through the admin API in every process, by who may, and goes back by itself', async () => {
  await using desk = await TokenDesk.open();
  await using server = await startServer({ app: 'server', env: { ...desk.env, CAS_LOG_LEVEL: 'debug' } });
  await using admin = await startServer({ app: 'admin', env: desk.env });
  const { token } = await desk.create({ scopes: ['admin:*'] });
  const send = (method: string, body?: object) =>
    call(admin.admin('/api/log-level'), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  expect((await send('GET')).json()).toEqual({ level: 'info', settings: 'info', untilMs: null });
  const set = await send('PUT', { level: 'trace', forSeconds: 3 });
  expect(set.json()).toEqual({ level: 'trace', settings: 'info', untilMs: expect.any(Number) });
  for (const process of [server, admin]) {
    expect(await process.logged((line) => line['msg'] === CHANGED)).toMatchObject({ logLevel: 'trace' });
  }
  await server.logged((line) => line['msg'] === CHANGED && line['logLevel'] === 'debug');
  await admin.logged((line) => line['msg'] === CHANGED && line['logLevel'] === 'info');

  const { token: weak } = await desk.create({ scopes: ['encode'] });
  const refused = await call(admin.admin('/api/log-level'), { headers: { authorization: `Bearer ${weak}` } });
  expect(refused.status).toBe(403);
});
