import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../test/support/databases.js';
import { currentChange, nextChange } from './change-counter.js';

onEachDatabase((databases) => {
  it('lets the event loop turn at every read, and in the middle of a long transaction', async () => {
    const database = await databases.open();
    const reads = await turnsDuring(async () => {
      for (let page = 0; page < 20; page += 1) await database.read((manager) => currentChange(manager, 'n'));
    });
    expect(reads).toBeGreaterThanOrEqual(20);
    const rows = await turnsDuring(() =>
      database.transaction(async (manager) => {
        for (let row = 0; row < 1000; row += 1) await nextChange(manager, 'n');
      }),
    );
    expect(rows).toBeGreaterThanOrEqual(20);
  });

  it('ends what runs before it closes', async () => {
    const database = await databases.open();
    const running = [
      database.read((manager) => currentChange(manager, 'n')),
      database.transaction((manager) => nextChange(manager, 'n')),
    ];
    await database.close();
    expect(await Promise.all(running)).toEqual([0, 1]);
  });
});

/** How often the event loop came around while `work` ran. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await work();
  clearImmediate(next);
  return turns;
}
