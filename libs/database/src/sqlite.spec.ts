import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteConnection from 'better-sqlite3-13';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentChange, nextChange } from './change-counter.js';
import { Database } from './database.js';

describe('the SQLite database', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cas-sqlite-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets nobody else read its folder and files', async () => {
    const dataDir = join(folder, 'a', 'data');
    const database = await Database.open({ dataDir });
    await database.transaction((manager) => nextChange(manager, 'tokens'));
    const files = await readdir(dataDir);
    expect(files.sort()).toEqual(['cas.sqlite', 'cas.sqlite-shm', 'cas.sqlite-wal', 'cas.sqlite.lock']);
    for (const file of files) expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    await database.close();
  });

  it('writes ahead to a log and checks foreign keys, on both connections', async () => {
    const database = await Database.open({ dataDir: folder });
    for (const run of [database.read.bind(database), database.transaction.bind(database)]) {
      const [mode] = await run((manager) => manager.query<{ journal_mode: string }[]>('PRAGMA journal_mode'));
      const [keys] = await run((manager) => manager.query<{ foreign_keys: number }[]>('PRAGMA foreign_keys'));
      expect({ ...mode, ...keys }).toEqual({ journal_mode: 'wal', foreign_keys: 1 });
    }
    const [synchronous] = await database.transaction((manager) => manager.query('PRAGMA synchronous'));
    expect(synchronous).toEqual({ synchronous: 1 });
    await database.close();
  });

  it('opens while another process is in the middle of a write', async () => {
    await (await Database.open({ dataDir: folder })).close();
    const other = new SqliteConnection(join(folder, 'cas.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    const opening = Database.open({ dataDir: folder });
    const first = await Promise.race([opening.then(() => 'opened'), sleep(100).then(() => 'waiting')]);
    other.exec('COMMIT');
    await (await opening).close();
    other.close();
    expect(first).toBe('waiting');
  });

  it('lets no read write', async () => {
    const database = await Database.open({ dataDir: folder });
    await expect(database.read((manager) => nextChange(manager, 'tokens'))).rejects.toThrow();
    await database.close();
  });

  it('says what is wrong with a file that is no database', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'cas.sqlite'), 'this is a text '.repeat(1000));
    await expect(Database.open({ dataDir: folder })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The file cas.sqlite in CAS_DATA_DIR is damaged or not a SQLite database. Restore a back-up of it.',
    });
  });

  it.each([
    ['deleted', 'cas.sqlite', (file: string) => rm(file)],
    [
      'replaced',
      'cas.sqlite',
      async (file: string) => writeFile(`${file}.new`, '').then(() => rename(`${file}.new`, file)),
    ],
    ['deleted', 'cas.sqlite-wal', (file: string) => rm(file)],
  ])('neither reads nor writes any more once a file is %s: %s', async (how, name, change) => {
    const database = await Database.open({ dataDir: folder });
    await database.transaction((manager) => nextChange(manager, 'tokens'));
    await change(join(folder, name));
    const refused = { code: 'unavailable', internal: expect.stringContaining(`${name} was ${how}`) as string };
    await expect(database.transaction((manager) => nextChange(manager, 'tokens'))).rejects.toMatchObject(refused);
    await expect(database.read((manager) => currentChange(manager, 'tokens'))).rejects.toMatchObject(refused);
    await database.close();
  });

  it('goes on with files that were moved away and put back, and has lost nothing', async () => {
    const database = await Database.open({ dataDir: join(folder, 'data') });
    await database.transaction((manager) => nextChange(manager, 'tokens'));
    await rename(join(folder, 'data'), join(folder, 'elsewhere'));
    await expect(database.read((manager) => currentChange(manager, 'tokens'))).rejects.toMatchObject({
      code: 'unavailable',
    });
    await rename(join(folder, 'elsewhere'), join(folder, 'data'));
    expect(await database.transaction((manager) => nextChange(manager, 'tokens'))).toBe(2);
    await database.close();
  });

  it('names CAS_DATA_DIR when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(Database.open({ dataDir: join(folder, 'file', 'data') })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('CAS_DATA_DIR') as string,
    });
  });
});
