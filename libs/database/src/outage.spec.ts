import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresServerAvailable, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { currentChange, nextChange } from './change-counter.js';
import { Database } from './database.js';

const UNAVAILABLE = { code: 'unavailable', retryAfterMs: 1000 };

describe.skipIf(!postgresServerAvailable)('when PostgreSQL goes away', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres({ own: true });
  }, 120_000);
  afterAll(() => server.dispose());

  it(
    'fails with unavailable, without the password, and works again after the restart',
    { timeout: 60_000 },
    async () => {
      const url = await server.createDatabase();
      const database = await Database.open({ url, dataDir: '' });
      await database.transaction((manager) => nextChange(manager, 'tokens'));
      // A query in flight, a transaction in the middle, and idle connections of the pool.
      const inFlight = database.read((manager) => manager.query('SELECT pg_sleep(9)'));
      const inTheMiddle = database.transaction(async (manager) => {
        await nextChange(manager, 'tokens');
        await server.stop();
        await nextChange(manager, 'tokens');
      });
      const cutOff = await Promise.allSettled([inFlight, inTheMiddle]);
      expect(cutOff).toMatchObject([{ reason: UNAVAILABLE }, { reason: UNAVAILABLE }]);
      const refused = database.read((manager) => currentChange(manager, 'tokens'));
      await expect(refused).rejects.toMatchObject({ ...UNAVAILABLE, internal: expect.stringMatching(/ECONNREFUSED/) });
      await expect(database.transaction((manager) => nextChange(manager, 'tokens'))).rejects.toMatchObject(UNAVAILABLE);

      await server.start();
      expect(await database.transaction((manager) => nextChange(manager, 'tokens'))).toBe(2);
      await database.close();
    },
  );

  it('names CAS_DATABASE_URL without its password when it cannot be opened', { timeout: 60_000 }, async () => {
    const url = new URL(await server.createDatabase());
    const password = url.password;
    url.password = `not-${password}`;
    const opened = Database.open({ url: url.href, dataDir: '' });
    await expect(opened).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /^The database of CAS_DATABASE_URL \(postgres:\/\/cas_test@.*password authentication/,
      ),
    });
    const thrown: unknown = await opened.catch((err: unknown) => err);
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(password);
  });

  it('does not hand out a connection again whose statement ran out of time', { timeout: 60_000 }, async () => {
    const database = await Database.open({ url: await server.createDatabase(), dataDir: '' });
    const slow = database.transaction(async (manager) => {
      await manager.query("SET LOCAL statement_timeout = '50ms'");
      await manager.query('SELECT pg_sleep(9)');
    });
    await expect(slow).rejects.toMatchObject({ ...UNAVAILABLE, internal: expect.stringMatching(/statement timeout/) });
    expect(await database.transaction((manager) => nextChange(manager, 'tokens'))).toBe(1);
    await database.close();
  });
});
