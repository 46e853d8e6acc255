import { ManualClock } from '#core';
import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { DesiredModelStore } from './desired-model-store.js';
import { ModelAdministration, type LocalModels } from './model-administration.js';
import { ADA, aModel } from './testing/models.js';

const house = { cores: 2, batchItemsMax: 32, rssBytesMax: undefined };

onEachDatabase((databases) => {
  const open = async (local?: LocalModels) => {
    const store = new DesiredModelStore({ database: await databases.open(), clock: new ManualClock() });
    return new ModelAdministration({ store, local, house });
  };

  it('plans from what this process serves, whatever is in force', async () => {
    const seat = { name: 'old/0', device: 'cpu', threads: 2 };
    const old = { name: 'old', isDefault: true, batchItemsMax: 32, rssBytesMax: undefined, replicas: [seat] };
    const administration = await open(serving([old]));
    await administration.apply(ADA, { models: [aModel('new')], note: '' });
    const steps = await administration.plan([aModel('new')]);
    expect(steps.map(({ kind, model }) => [kind, model])).toEqual([
      ['start_pool', 'new'],
      ['make_default', 'new'],
      ['stop_pool', 'old'],
    ]);
  });

  it('plans from the version in force where this process serves nothing, and knows no more than that', async () => {
    const administration = await open();
    await administration.apply(ADA, { models: [aModel('a', { batchItemsMax: 4 })], note: '' });
    expect(await administration.plan([aModel('a', { batchItemsMax: 4 })])).toEqual([]);
    expect((await administration.plan([aModel('a')])).map(({ kind }) => kind)).toEqual(['set_limits']);
    expect(await administration.overview()).toMatchObject({ desired: { version: 1 }, actual: null });
    expect(await administration.names()).toEqual(['a']);
  });

  it('has this process follow a change at once, and keeps the change when that look fails', async () => {
    let looks = 0;
    const follow = async () => {
      looks += 1;
      throw new Error('the database is away again');
    };
    const administration = await open({ ...serving([]), follow });
    const { version } = await administration.apply(ADA, { models: [aModel('a')], note: '' });
    await administration.rollback(ADA, { version });
    expect(looks).toBe(2);
    expect((await administration.overview()).versions.map((state) => state.version)).toEqual([2, 1]);
  });

  it('refuses to plan what cannot be served', async () => {
    const administration = await open();
    await expect(administration.plan([])).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

function serving(actual: ReturnType<LocalModels['actual']>): LocalModels {
  return {
    actual: () => actual,
    pools: () => [],
    leaving: () => [],
    status: () => ({ version: undefined, state: 'applied', step: undefined, reason: undefined }),
    follow: async () => undefined,
  };
}
