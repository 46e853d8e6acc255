import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { ENCODE_CALLS } from './support/calls-with-token.js';
import { call, postJson } from './support/http-call.js';
import { metric } from './support/server-process.js';

/** Moves the files of the database into a folder beside it, or back. */
function moveFiles(dataDir: string, way: 'away' | 'back'): void {
  const [from, to] = way === 'away' ? [dataDir, join(dataDir, 'away')] : [join(dataDir, 'away'), dataDir];
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((one) => one.startsWith('cas.sqlite'))) {
    renameSync(join(from, name), join(to, name));
  }
}

const ready = async (server: RunningServer) => {
  const { status, text } = await call(server.ops('/health/ready'));
  return [status, text];
};
const noticed = (server: RunningServer) => server.logged((line) => line['msg'] === 'the database cannot be reached');

it('a SQLite file that is gone is noticed: known tokens serve on, nothing is written, and all is well when it is back', async () => {
  await using desk = await TokenDesk.open();
  await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
  const { token } = await desk.create();
  const { token: operator } = await desk.create({ name: 'operator', scopes: ['admin:*'] });
  const encode = () => ENCODE_CALLS['Clip/Encode']!(server, token);
  const create = (name: string) =>
    postJson(
      server.admin('/api/tokens'),
      { name, expiresInDays: 1, scopes: ['encode'] },
      { authorization: `Bearer ${operator}` },
    );
  expect(await encode()).toBe('ok');
  expect((await create('first')).status).toBe(201);
  expect(await metric(server, 'clip_database_up', {})).toBe(1);

  moveFiles(server.dataDir, 'away');
  expect(await noticed(server)).toMatchObject({ reason: expect.stringContaining('deleted or moved') });
  expect(await encode()).toBe('ok');
  const refused = await create('second');
  expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('deleted, moved or replaced')]);
  expect(await ready(server)).toEqual([200, expect.stringContaining('deleted, moved or replaced')]);
  expect(await metric(server, 'clip_database_up', {})).toBe(0);

  moveFiles(server.dataDir, 'back');
  await server.logged((line) => line['msg'] === 'the database can be reached again');
  expect(await metric(server, 'clip_database_up', {})).toBe(1);
  expect((await create('third')).status).toBe(201);

  moveFiles(server.dataDir, 'away');
  await expect.poll(() => metric(server, 'clip_database_up', {})).toBe(0);
  expect((await server.stop()).code).toBe(0);
});

it('a process of the admin API alone is not ready without its database', async () => {
  await using desk = await TokenDesk.open();
  await using server = await startServer({ app: 'admin', env: desk.env });
  expect(await ready(server)).toEqual([200, expect.not.stringContaining('database')]);
  moveFiles(server.dataDir, 'away');
  await noticed(server);
  expect(await ready(server)).toEqual([503, expect.stringContaining('deleted, moved or replaced')]);
});
