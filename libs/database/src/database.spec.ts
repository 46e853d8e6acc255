import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../test/support/databases.js';
import { currentChange, nextChange } from './change-counter.js';
import { AccountEntity, ChangeCounterEntity } from './entities/index.js';
import { forUpdate } from './locks.js';
import { buildAccount } from './testing/rows.js';

onEachDatabase((databases) => {
  it('commits what resolves and rolls back what rejects', async () => {
    const database = await databases.open();
    await database.transaction((manager) => manager.insert(ChangeCounterEntity, { name: 'kept', value: 1 }));
    const failing = database.transaction(async (manager) => {
      await manager.insert(ChangeCounterEntity, { name: 'dropped', value: 1 });
      throw new RangeError('the work failed');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await database.read((manager) => manager.find(ChangeCounterEntity))).toEqual([{ name: 'kept', value: 1 }]);
  });

  it('loses no update when many transactions of two processes read and then write the same row', async () => {
    const options = await databases.options();
    const processes = [await databases.open(options), await databases.open(options)];
    await processes[0]!.transaction((manager) => manager.insert(ChangeCounterEntity, { name: 'n', value: 0 }));
    const raises = Array.from({ length: 40 }, (_, i) =>
      processes[i % 2]!.transaction(async (manager) => {
        const { value } = await manager.findOneOrFail(ChangeCounterEntity, {
          where: { name: 'n' },
          ...forUpdate(manager),
        });
        await manager.update(ChangeCounterEntity, { name: 'n' }, { value: value + 1 });
      }),
    );
    await Promise.all(raises);
    expect(await processes[1]!.read((manager) => currentChange(manager, 'n'))).toBe(40);
  });

  it('numbers changes without gap or repetition in the order of their commits', async () => {
    const options = await databases.options();
    const processes = [await databases.open(options), await databases.open(options)];
    const committed: number[] = [];
    const changes = Array.from({ length: 30 }, async (_, i) => {
      const change = processes[i % 2]!.transaction(async (manager) => {
        const number = await nextChange(manager, 'tokens');
        if (i % 3 === 0) throw new RangeError('rolled back');
        // A reader that sees number n sees every number below it: they are all committed by now.
        expect(number).toBe(await currentChange(manager, 'tokens'));
        return number;
      });
      await change.then((number) => committed.push(number)).catch(() => undefined);
    });
    await Promise.all(changes);
    expect(committed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(await processes[0]!.read((manager) => currentChange(manager, 'tokens'))).toBe(20);
    expect(await processes[0]!.read((manager) => currentChange(manager, 'never-used'))).toBe(0);
  });

  it('shows a reader nothing of a transaction before its commit', async () => {
    const database = await databases.open();
    const inside = signal();
    const goOn = signal();
    const writing = database.transaction(async (manager) => {
      await nextChange(manager, 'tokens');
      inside.give();
      await goOn.given;
    });
    await inside.given;
    expect(await database.read((manager) => currentChange(manager, 'tokens'))).toBe(0);
    goOn.give();
    await writing;
    expect(await database.read((manager) => currentChange(manager, 'tokens'))).toBe(1);
  });

  it('refuses to nest, which could wait for itself for ever', async () => {
    const database = await databases.open();
    const nested = database.transaction(() => database.read((manager) => currentChange(manager, 'tokens')));
    await expect(nested).rejects.toThrow(/use the manager/);
    expect(await database.transaction((manager) => nextChange(manager, 'tokens'))).toBe(1);
  });

  it('names the failure of a second row with the same unique value by its code, without the values', async () => {
    const database = await databases.open();
    const insert = (account: AccountEntity): Promise<unknown> =>
      database.transaction((manager) => manager.insert(AccountEntity, account));
    await insert(buildAccount());
    const thrown: unknown = await insert(buildAccount({ id: 'account-2' })).catch((err: unknown) => err);
    expect(everythingOf(thrown)).toMatch(/^(23505|SQLITE_CONSTRAINT_UNIQUE)$/m);
    expect(everythingOf(thrown)).not.toContain('ada@example.org');
  });
});

/** Whatever a logger could find on an error. */
function everythingOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  return Object.getOwnPropertyNames(thrown)
    .map((name) => everythingOf(Reflect.get(thrown, name)))
    .join('\n');
}

function signal(): { given: Promise<void>; give: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { given: promise, give: resolve };
}
