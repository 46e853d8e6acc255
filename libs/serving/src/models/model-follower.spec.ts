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
    const reconciler = { want: ({ version }: DesiredModels) => wanted.push(version) };
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
    await two.follower.look();
    expect(two.wanted).toEqual([1, 3]);
    two.follower.stop();
  });

  it('hears of its own change without waiting', async () => {
    const { store, wanted, follower } = await aProcess(await databases.options());
    await follower.start();
    expect(wanted).toEqual([]);
    await store.apply(ADA, { models: [aModel('a')], note: '' });
    await follower.look();
    expect(wanted).toEqual([1]);
    follower.stop();
  });
});

it('goes on looking while the database is away, and hears of what it missed', async () => {
  const clock = new ManualClock();
  let version = 1;
  let isAway = false;
  let looks = 0;
  const wanted: number[] = [];
  const state = { models: [aModel('a')], source: 'admin', createdAtMs: 0, note: '', servedAtMs: null } as const;
  const store = {
    changes: async () => {
      looks += 1;
      if (isAway) throw new DomainError('unavailable', 'The database is away.');
      return version;
    },
    newest: async () => ({ ...state, version, createdBy: { id: 'x', name: 'x' } }),
  };
  const follower = new ModelFollower({ store, clock, reconciler: { want: (desired) => wanted.push(desired.version) } });
  await follower.start();
  isAway = true;
  version = 2;
  for (const expected of [2, 3]) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toBe(expected);
  }
  isAway = false;
  clock.advance(500);
  await vi.waitUntil(() => wanted.length === 2);
  expect(wanted).toEqual([1, 2]);
  follower.stop();
});
