import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { sampleRows } from '../testing/rows.js';
import { AccessTokenEntity, AccountEntity, AccountSessionEntity, ENTITIES } from './index.js';

onEachDatabase((databases) => {
  it('gives back every column of every entity as it was written, numbers as numbers', async () => {
    const database = await databases.open();
    const samples = sampleRows();
    expect(new Set(samples.map(({ entity }) => entity))).toEqual(new Set(ENTITIES));
    for (const { entity, row } of samples) {
      await database.transaction((manager) => manager.insert(entity, row));
      const stored = await database.read((manager) => manager.find(entity, { where: row }));
      expect(stored.map((found) => ({ ...found }))).toEqual([row]);
    }
  });

  it('keeps null where a column may be empty', async () => {
    const database = await databases.open();
    const token = sampleRows().find(({ entity }) => entity === AccessTokenEntity)!.row;
    const empty = { ...token, ownerId: null, models: null, expiresAtMs: null, previousValidUntilMs: null };
    await database.transaction((manager) => manager.insert(AccessTokenEntity, empty));
    expect(await database.read((manager) => manager.find(AccessTokenEntity))).toEqual([empty]);
  });

  it('deletes the sessions of an account with it', async () => {
    const database = await databases.open();
    const [account, session] = sampleRows();
    await database.transaction(async (manager) => {
      await manager.insert(AccountEntity, account!.row);
      await manager.insert(AccountSessionEntity, session!.row);
      await manager.delete(AccountEntity, { id: account!.row['id'] });
    });
    expect(await database.read((manager) => manager.count(AccountSessionEntity))).toBe(0);
  });
});
