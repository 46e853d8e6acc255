import SqliteConnection from 'better-sqlite3-13';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresServerAvailable, startPostgres } from '../support/postgres.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { ENCODE_CALLS } from './support/calls-with-token.js';
import { call, type HttpAnswer } from './support/http-call.js';

/** A change waits longer than a test of a healthy server for a database that does not answer. */
const GIVEN_UP_WITHIN = { timeout: 120_000 };

const ALL_OK = Object.keys(ENCODE_CALLS).map(() => 'ok');
const outcomes = (server: RunningServer, token: string): Promise<string[]> =>
  Promise.all(Object.values(ENCODE_CALLS).map((encode) => encode(server, token)));

/** Makes a token by the admin API: a change that has to be written. */
function change(server: RunningServer, admin: string): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${admin}` };
  const body = JSON.stringify({ name: 'another', scopes: ['encode'], expiresInDays: 1 });
  return call(server.admin('/api/tokens'), { headers, body });
}

describe('a server whose SQLite file', () => {
  let desk: TokenDesk;
  let server: RunningServer;
  let token: string;
  let admin: string;

  beforeAll(async () => {
    desk = await TokenDesk.open();
    ({ token } = await desk.create());
    ({ token: admin } = await desk.create({ scopes: ['admin:*'] }));
    server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
  });
  afterAll(async () => {
    await server?.stop();
    await desk?.[Symbol.asyncDispose]();
  });

  it(
    'is locked by another process serves, tells changes to come back, and takes them when the lock is gone',
    GIVEN_UP_WITHIN,
    async () => {
      const other = new SqliteConnection(join(desk.env['CAS_DATA_DIR'] ?? '', 'cas.sqlite'));
      other.exec('BEGIN IMMEDIATE');
      const refused = change(server, admin);
      expect(await outcomes(server, token)).toEqual(ALL_OK);
      expect((await refused).status).toBe(503);
      expect((await refused).text).toContain('The database cannot be reached at the moment. Try again shortly');
      other.exec('ROLLBACK');
      other.close();
      expect((await change(server, admin)).status).toBe(201);
      expect(await outcomes(server, token)).toEqual(ALL_OK);
    },
  );

  const canLimit = spawnSync('prlimit', ['--version']).status === 0;

  /** What the process may write to any file, as if the disk were full behind it. */
  const roomPerFile = (bytes: string): Buffer => execFileSync('prlimit', [`--pid=${server.pid}`, `--fsize=${bytes}`]);

  it.skipIf(!canLimit)(
    'has no room on the disk serves, refuses changes, and takes them when there is room',
    async () => {
      roomPerFile('0:unlimited');
      expect((await change(server, admin)).status).toBe(503);
      expect(await outcomes(server, token)).toEqual(ALL_OK);
      roomPerFile('unlimited:unlimited');
      await expect.poll(async () => (await change(server, admin)).status, { timeout: 20_000 }).toBe(201);
      expect(await outcomes(server, token)).toEqual(ALL_OK);
      expect((await server.stop()).code).toBe(0);
    },
  );
});

it.skipIf(!postgresServerAvailable)(
  'a server whose PostgreSQL stands still serves whom it knows, and goes on by itself when that moves again',
  GIVEN_UP_WITHIN,
  async () => {
    await using postgres = await startPostgres({ own: true });
    await using desk = await TokenDesk.open({ CAS_DATABASE_URL: await postgres.createDatabase() });
    const { token } = await desk.create();
    const { token: admin } = await desk.create({ scopes: ['admin:*'] });
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    postgres.freeze();
    const waiting = change(server, admin);
    expect(await outcomes(server, token)).toEqual(ALL_OK);
    expect((await call(server.ops('/health/live'))).status).toBe(200);
    postgres.thaw();
    expect([201, 503]).toContain((await waiting).status);
    await expect.poll(async () => (await change(server, admin)).status, { timeout: 30_000 }).toBe(201);
    const { token: later } = await desk.create();
    await expect.poll(() => outcomes(server, later)).toEqual(ALL_OK);
  },
);
