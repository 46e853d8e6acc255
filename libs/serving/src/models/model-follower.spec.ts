import { DomainError, ManualClock } from '#core';
import type { DesiredModels } from '#inference';
import { expect, it, vi } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { DesiredModelStore } from './desired-model-store.js';
import { ModelFollower } from './model-follower.js';
import { ADA, aModel } from './testing/models.js';

onEachDatabase((databases) => {
  /** A process on the database of `options`; `wanted` is what it was told to serve. */
  async function aProcess(options: Awaited<ReturnType<typeof databases.options>>) {
    const clock = new ManualClock();
    const store = new DesiredModelStore({ database: await databases.open(options), clock });
    const wanted: number[] = [];
    const reconciler = { setDesired: ({ version }: DesiredModels) => wanted.push(version) };
    return { clock, store, wanted, follower: new ModelFollower({ store, reconciler, clock }) };
  }

  it('hears of a change that another process made at its next look, and of each change once', async () => {
    const options = await databases.options();
    const [one, two] = [await aProcess(options), await aProcess(options)];
    await one.store.apply(ADA, { models: [aModel('a')], note: '' });
    await two.follower.start();
    expect(two.wanted).toEqual([1]);
    await one.store.apply(ADA, { models: [aModel('b')], note: '' });
    await one.store.apply(ADA, { models: [aModel('c')], note: '' });
    two.clock.advance(500);
    await vi.waitUntil(() => two.wanted.length === 2);
    await two.follower.poll();
    expect(two.wanted).toEqual([1, 3]);
    two.follower.stop();
  });

  it('hears of its own change without waiting', async () => {
    const { store, wanted, follower } = await aProcess(await databases.options());
    await follower.start();
    expect(wanted).toEqual([]);
    await store.apply(ADA, { models: [aModel('a')], note: '' });
    await follower.poll();
    expect(wanted).toEqual([1]);
    follower.stop();
  });
});

/** A database that a test takes away and changes at will, under a follower that has looked once. */
async function aDatabase() {
  const clock = new ManualClock();
  const at = { version: 1, isAway: false, looks: 0 };
  const wanted: number[] = [];
  const state = { models: [aModel('a')], source: 'admin', createdAtMs: 0, note: '', servedAtMs: null } as const;
  const store = {
    changes: async () => {
      at.looks += 1;
      if (at.isAway) throw new DomainError('unavailable', 'The database is away.');
      return at.version;
    },
    newest: async () => ({ ...state, version: at.version, createdBy: { id: 'x', name: 'x' } }),
  };
  const follower = new ModelFollower({
    store,
    clock,
    reconciler: { setDesired: ({ version }) => wanted.push(version) },
  });
  await follower.start();
  const pass = async () => {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { at, wanted, follower, pass };
}

it('goes on looking while the database is away, and hears of what it missed', async () => {
  const { at, wanted, follower, pass } = await aDatabase();
  at.isAway = true;
  at.version = 2;
  for (const expected of [2, 3]) {
    await pass();
    expect(at.looks).toBe(expected);
  }
  at.isAway = false;
  await pass();
  expect(wanted).toEqual([1, 2]);
  follower.stop();
});

it('hears of a database that was restored, even when the numbers are those of before', async () => {
  const { at, wanted, follower, pass } = await aDatabase();
  for (const version of [9, 5, 6]) {
    at.version = version;
    await pass();
  }
  expect(wanted).toEqual([1, 9, 5, 6]);
  at.isAway = true;
  await pass();
  at.isAway = false;
  for (let n = 0; n < 3; n += 1) await pass();
  expect(wanted).toEqual([1, 9, 5, 6, 6]);
  follower.stop();
});
