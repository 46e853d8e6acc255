import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3-13';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpDatabase, restoreDatabase } from './back-up.js';
import { currentChange, nextChange } from './change-counter.js';
import { Database } from './database.js';
import { databaseStatus, revertMigrations } from './schema-commands.js';

describe('back-up and restore of SQLite', () => {
  let dataDir = '';
  let file = '';
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cas-back-up-'));
    file = join(dataDir, 'back-up.sqlite');
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('copies a database in use as of one moment, and puts it back', async () => {
    await change(dataDir, async (database) => {
      expect(await raise(database)).toBe(1);
      const [{ bytes }] = await Promise.all([backUpDatabase({ dataDir }, file), raise(database)]);
      expect((await stat(file)).size).toBe(bytes);
      await raise(database);
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await backUpsIn(dataDir)).toEqual(['back-up.sqlite']);
    const { keptAside } = await restoreDatabase({ dataDir }, file);
    const restored = await change(dataDir, read);
    expect([1, 2]).toContain(restored);
    await rm(join(dataDir, 'cas.sqlite'));
    await restoreDatabase({ dataDir }, keptAside!);
    expect(await change(dataDir, read)).toBe(3);
  });

  it('restores into a folder that has no database yet', async () => {
    await change(dataDir, raise);
    await backUpDatabase({ dataDir }, file);
    const other = join(dataDir, 'other');
    expect(await restoreDatabase({ dataDir: other }, file)).toEqual({ keptAside: undefined });
    expect((await stat(join(other, 'cas.sqlite'))).mode & 0o777).toBe(0o600);
    expect(await change(other, read)).toBe(1);
  });

  it('takes a back-up of an older version, which the next start migrates', async () => {
    await change(dataDir, raise);
    await revertMigrations({ dataDir }, 2);
    await backUpDatabase({ dataDir }, file);
    await restoreDatabase({ dataDir }, file);
    expect(await change(dataDir, read)).toBe(1);
    expect((await databaseStatus({ dataDir })).missing).toEqual([]);
  });

  it('refuses to restore while a process has the database open, and changes nothing', async () => {
    await change(dataDir, async (database) => {
      await raise(database);
      await backUpDatabase({ dataDir }, file);
      await raise(database);
      await expect(restoreDatabase({ dataDir }, file)).rejects.toMatchObject({ code: 'conflict' });
      expect(await raise(database)).toBe(3);
    });
    expect(await change(dataDir, read)).toBe(3);
  });

  it('replaces a damaged database and keeps it aside', async () => {
    await change(dataDir, raise);
    await backUpDatabase({ dataDir }, file);
    const damaged = 'no database '.repeat(1000);
    for (const name of ['cas.sqlite', 'cas.sqlite-wal']) await writeFile(join(dataDir, name), damaged);
    const { keptAside } = await restoreDatabase({ dataDir }, file);
    expect(await readFile(keptAside!, 'utf8')).toBe(damaged);
    expect(await change(dataDir, read)).toBe(1);
  });

  it.each([
    ['a text', () => writeFile(file, 'a text '.repeat(1000))],
    ['an empty file', () => writeFile(file, '')],
    ['a missing file', () => Promise.resolve()],
    ['another SQLite database', () => Promise.resolve(new SqliteConnection(file).exec('CREATE TABLE t (x)').close())],
    ['a damaged back-up', () => damagedBackUp(dataDir, file)],
  ])('refuses to restore %s', async (_, make) => {
    await change(dataDir, raise);
    await make();
    await expect(restoreDatabase({ dataDir }, file)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await change(dataDir, read)).toBe(1);
  });

  it('refuses a back-up of a newer version', async () => {
    await change(dataDir, raise);
    await backUpDatabase({ dataDir }, file);
    new SqliteConnection(file).exec("INSERT INTO schema_migration VALUES ('FromTheFuture1999999999999', 1)").close();
    await expect(restoreDatabase({ dataDir }, file)).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    ['of a newer version', 'conflict', "INSERT INTO schema_migration VALUES ('FromTheFuture1999999999999', 1)"],
    ['of another program', 'unavailable', 'PRAGMA application_id = 1'],
    ['with a damaged page', 'unavailable', undefined],
  ])('leaves no file behind when it cannot back up a database %s', async (_, code, statement) => {
    await change(dataDir, raise);
    const database = join(dataDir, 'cas.sqlite');
    if (statement === undefined) await damage(database);
    else new SqliteConnection(database).exec(statement).close();
    await expect(backUpDatabase({ dataDir }, file)).rejects.toMatchObject({ code });
    expect(await backUpsIn(dataDir)).toEqual([]);
  });

  it('overwrites no file, backs up nothing that is not there, and leaves PostgreSQL to its tools', async () => {
    await expect(backUpDatabase({ dataDir }, file)).rejects.toMatchObject({ code: 'not_found' });
    await change(dataDir, raise);
    await writeFile(file, 'precious');
    await expect(backUpDatabase({ dataDir }, file)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(file, 'utf8')).toBe('precious');
    const url = 'postgres://cas@localhost/cas';
    await expect(backUpDatabase({ url, dataDir }, file)).rejects.toThrow(/pg_dump/);
    await expect(restoreDatabase({ url, dataDir }, file)).rejects.toThrow(/pg_restore/);
  });
});

async function change<T>(dataDir: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open({ dataDir });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

function raise(database: Database): Promise<number> {
  return database.transaction((manager) => nextChange(manager, 'tokens'));
}

function read(database: Database): Promise<number> {
  return database.read((manager) => currentChange(manager, 'tokens'));
}

async function backUpsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('back-up'));
}

async function damagedBackUp(dataDir: string, file: string): Promise<void> {
  await backUpDatabase({ dataDir }, file);
  await damage(file);
}

/** Overwrites the pages after the first, whose header still says that it is ours. */
async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0x5a, 4096));
}
