import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect, it } from 'vitest';
import {
  AuditEventEntity,
  backUpDatabase,
  databaseStatus,
  migrateDatabase,
  restoreDatabase,
  revertMigrations,
  type DatabaseOptions,
} from '#database';
import { MIGRATIONS } from '#migrations';
import { onEachDatabase } from '../support/databases.js';
import { DatabaseProcess } from './support/database-process.js';

const NAMES = MIGRATIONS.map((step) => step.name);
const MINUTES_MS_MAX = 240_000;

onEachDatabase((databases) => {
  it(
    'takes ten processes that start at once on an empty database: one schema, no error',
    { timeout: MINUTES_MS_MAX },
    async () => {
      const options = await databases.options();
      const processes = await Promise.all(Array.from({ length: 10 }, () => DatabaseProcess.start(options)));
      for (const process of processes) process.open();
      const drawn = await Promise.all(processes.map((process) => process.drawn()));
      expect(drawn.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await Promise.all(processes.map((process) => process.end()))).toEqual(Array(10).fill(0));
      expect(await databaseStatus(options)).toMatchObject({ applied: NAMES, missing: [], unknown: [] });
    },
  );

  it('finishes each migration that kill -9 ended at the next start', { timeout: MINUTES_MS_MAX }, async () => {
    const options = await databases.options();
    // Leaves the table of the records, where the next process is stopped.
    await migrateDatabase(options);
    await revertMigrations(options, NAMES.length);
    for (const [done, name] of NAMES.entries()) {
      await (databases.dialect === 'sqlite' ? killOnSqlite(options, name) : killOnPostgres(options, name));
      expect(await databaseStatus(options)).toMatchObject({
        applied: NAMES.slice(0, done),
        missing: NAMES.slice(done),
      });
    }
    const next = await DatabaseProcess.start(options);
    next.open();
    expect(await next.drawn()).toBe(1);
    expect(await next.end()).toBe(0);
    expect((await databaseStatus(options)).missing).toEqual([]);
  });

  if (databases.dialect === 'sqlite') {
    it('is backed up while a process has it open, and restored only when that is gone', async () => {
      const options = await databases.options();
      const service = await drawIn(options, 1);
      const file = join(options.dataDir, 'back-up.sqlite');
      await backUpDatabase(options, file);
      await expect(restoreDatabase(options, file)).rejects.toMatchObject({ code: 'conflict' });
      await service.kill();
      await (await drawIn(options, 2)).end();
      await restoreDatabase(options, file);
      await (await drawIn(options, 2)).end();
    });
  } else {
    it('is backed up by pg_dump while a process has it open, and restored by pg_restore', async () => {
      const [options, target] = [await databases.options(), await databases.options()];
      const service = await drawIn(options, 1);
      const database = await databases.open(options);
      await database.transaction((manager) => manager.insert(AuditEventEntity, AUDIT_EVENT));
      const file = join(tmpdir(), `cas-${randomUUID()}.dump`);
      await run(databases.postgresProgram('pg_dump'), ['--format=custom', `--file=${file}`, `--dbname=${options.url}`]);
      await service.end();
      const restore = ['--exit-on-error', '--no-owner', `--dbname=${target.url}`, file];
      await run(databases.postgresProgram('pg_restore'), restore);
      await rm(file);
      await (await drawIn(target, 2)).end();
      const restored = await databases.open(target);
      expect(await restored.read((manager) => manager.find(AuditEventEntity))).toEqual([AUDIT_EVENT]);
      await expect(restored.transaction((manager) => manager.delete(AuditEventEntity, { seq: 1 }))).rejects.toThrow(
        'append-only',
      );
    });
  }
});

const run = promisify(execFile);

const AUDIT_EVENT = {
  ...{ seq: 1, atMs: 1, actorKind: 'host', actorId: 'host', actorName: 'host', action: 'token.create' },
  ...{ targetKind: 'token', targetId: 'token-1', targetName: 'ci', before: null, after: '{}', fromAddress: null },
  ...{ previousHash: '0'.repeat(64), hash: '1'.repeat(64) },
};

/** A process that has opened the database and drawn `expected` from its counter. */
async function drawIn(options: DatabaseOptions, expected: number): Promise<DatabaseProcess> {
  const started = await DatabaseProcess.start(options);
  started.open();
  expect(await started.drawn()).toBe(expected);
  return started;
}

/** Stops a process when it records the step, so after all the step's statements and before their commit. */
async function killOnSqlite(options: DatabaseOptions, step: string): Promise<void> {
  const started = await DatabaseProcess.start(options, `VALUES ('${step}'`);
  started.open();
  expect(await started.endedBy()).toBe('SIGKILL');
}

/** The same from outside: the test holds the key of the record uncommitted, so that the process waits on it. */
async function killOnPostgres(options: DatabaseOptions, step: string): Promise<void> {
  const blocker = new pg.Client({ connectionString: options.url });
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('INSERT INTO schema_migration VALUES ($1, 0)', [step]);
  const started = await DatabaseProcess.start(options);
  started.open();
  await expect.poll(() => waitersFor(blocker), { timeout: 30_000 }).toBe(1);
  await started.kill();
  await blocker.end();
}

/** How many sessions wait for the transaction that `client` has open. */
async function waitersFor(client: pg.Client): Promise<number> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid',
  );
  return rowCount ?? 0;
}
