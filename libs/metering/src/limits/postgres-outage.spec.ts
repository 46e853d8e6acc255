import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#database';
import { postgresServerAvailable, startPostgres, type TestPostgres } from '../../../../test/support/postgres.js';
import { buildPrincipal, isGrant, Pods } from '../testing/pods.js';

describe.skipIf(!postgresServerAvailable)('when PostgreSQL stops', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres({ own: true });
  }, 120_000);
  afterAll(() => server.dispose());

  it('requests go on by the limit of the process, and are counted when it is back', { timeout: 60_000 }, async () => {
    const database = await Database.open({ url: await server.createDatabase(), dataDir: '' });
    const pods = new Pods(database, 2);
    const principal = buildPrincipal({ itemsPerDay: 40 });
    expect(isGrant(await pods.ask(0, principal, 10))).toBe(true);
    await server.stop();
    expect(isGrant(await pods.ask(0, principal, 30))).toBe(true);
    expect(isGrant(await pods.ask(0, principal, 1))).toBe(false);
    await server.start();
    await pods.pass(6);
    expect(isGrant(await pods.ask(1, principal, 1))).toBe(false);
    await database.close();
  });
});
