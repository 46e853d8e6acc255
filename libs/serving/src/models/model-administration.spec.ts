import { DomainError, ManualClock } from '#core';
import type { DeviceReport } from '#inference';
import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { DesiredModelStore } from './desired-model-store.js';
import { ModelAdministration, type LocalModels, type ModelNames } from './model-administration.js';
import { ADA, aModel } from './testing/models.js';

const defaults = { cores: 2, batchItemsMax: 32, rssBytesMax: undefined };

onEachDatabase((databases) => {
  const open = async (local?: LocalModels) => (await openStored(local)).administration;

  const openStored = async (local?: LocalModels) => {
    const store = new DesiredModelStore({ database: await databases.open(), clock: new ManualClock() });
    const asked: string[] = [];
    const parts = { store, names: namesOf(asked), local, defaults, facts: async () => undefined };
    return { store, asked, administration: new ModelAdministration(parts) };
  };

  it('plans from what this process serves, whatever is in force', async () => {
    const slot = { name: 'old/0', device: 'cpu', threads: 2 };
    const old = { name: 'old', isDefault: true, batchItemsMax: 32, rssBytesMax: undefined, replicas: [slot] };
    const administration = await open(serving([old]));
    await administration.apply(ADA, { models: [aModel('new')], note: '' });
    const { steps } = await administration.plan([aModel('new')]);
    expect(steps.map(({ kind, model }) => [kind, model])).toEqual([
      ['start_pool', 'new'],
      ['make_default', 'new'],
      ['stop_pool', 'old'],
    ]);
  });

  it('plans from the version in force where this process serves nothing, and knows no more than that', async () => {
    const administration = await open();
    await administration.apply(ADA, { models: [aModel('a', { batchItemsMax: 4 })], note: '' });
    expect((await administration.plan([aModel('a', { batchItemsMax: 4 })])).steps).toEqual([]);
    expect((await administration.plan([aModel('a')])).steps.map(({ kind }) => kind)).toEqual(['set_limits']);
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
    const {
      state: { version },
    } = await administration.apply(ADA, { models: [aModel('a')], note: '' });
    await administration.rollback(ADA, { version });
    expect(looks).toBe(2);
    expect((await administration.overview()).versions.map((state) => state.version)).toEqual([2, 1]);
  });

  it('refuses, before anything is written, what the devices of this process cannot take', async () => {
    const refusal = new DomainError('unavailable', 'cuda:0 is not there.');
    const requireDevices = async (steps: readonly { kind: string }[]) => {
      if (steps.length > 0) throw refusal;
    };
    const administration = await open({ ...serving([]), requireDevices });
    const models = [aModel('a', { devices: ['cuda:0'] })];
    await expect(administration.plan(models)).rejects.toBe(refusal);
    await expect(administration.apply(ADA, { models, note: '' })).rejects.toBe(refusal);
    expect((await administration.overview()).versions).toEqual([]);
  });

  it('takes back no version that the devices of this process cannot take', async () => {
    const refusals: DomainError[] = [];
    const requireDevices = async () => {
      const [refusal] = refusals;
      if (refusal) throw refusal;
    };
    const administration = await open({ ...serving([]), requireDevices });
    const {
      state: { version },
    } = await administration.apply(ADA, { models: [aModel('a', { devices: ['cuda:0'] })], note: '' });
    await administration.apply(ADA, { models: [aModel('a')], note: '' });
    refusals.push(new DomainError('unavailable', 'cuda:0 is not there.'));
    await expect(administration.rollback(ADA, { version })).rejects.toBe(refusals[0]);
    expect((await administration.overview()).versions).toHaveLength(2);
  });

  it('refuses, before anything is written, models that are nowhere, together with devices that are not here', async () => {
    const requireDevices = async () => {
      throw new DomainError('invalid_argument', 'cuda:0 is not there.');
    };
    const { administration, asked } = await openStored({ ...serving([]), requireDevices });
    const models = [aModel('nope'), aModel('b', { isDefault: false, devices: ['cuda:0'] })];
    const refusal = { code: 'invalid_argument', message: 'There is no nope. cuda:0 is not there.' };
    await expect(administration.plan(models)).rejects.toMatchObject(refusal);
    await expect(administration.apply(ADA, { models, note: '' })).rejects.toMatchObject(refusal);
    expect((await administration.overview()).versions).toEqual([]);
    expect(asked).toEqual(['hub nope', 'hub b', 'hub nope', 'hub b']);
  });

  it('asks nothing about models that this process serves already', async () => {
    const slot = { name: 'nope/0', device: 'cpu', threads: 2 };
    const served = { name: 'nope', isDefault: true, batchItemsMax: 32, rssBytesMax: undefined, replicas: [slot] };
    const { administration, asked } = await openStored(serving([served]));
    await administration.apply(ADA, { models: [aModel('nope', { replicas: 2 })], note: '' });
    expect(asked).toEqual([]);
  });

  it('takes names that some server has served, where this process serves nothing, and asks no hub about others', async () => {
    const { administration, asked, store } = await openStored();
    const models = [aModel('nope')];
    await expect(administration.apply(ADA, { models, note: '' })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(asked).toEqual(['here nope']);
    await store.markServed((await store.seed(models)).state.version);
    await administration.apply(ADA, { models: [aModel('b')], note: '' });
    await administration.apply(ADA, { models, note: '' });
    expect(asked).toEqual(['here nope', 'here b']);
  });

  it('asks nothing of devices where this process serves no models', async () => {
    const administration = await open();
    const models = [aModel('a', { devices: ['cuda:7'] })];
    expect((await administration.plan(models)).steps.map(({ kind }) => kind)).toEqual(['start_pool', 'make_default']);
    await administration.apply(ADA, { models, note: '' });
    expect(await administration.devices()).toBeNull();
  });

  it('refuses to plan what cannot be served', async () => {
    const administration = await open();
    await expect(administration.plan([])).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

/** Every model exists but "nope"; `asked` notes who was asked for which. */
function namesOf(asked: string[]): ModelNames {
  const ask = (where: string) => async (name: string) => {
    asked.push(`${where} ${name}`);
    if (name === 'nope') throw new DomainError('invalid_argument', 'There is no nope.');
  };
  return { requireName: ask('here'), require: ask('hub') };
}

function serving(actual: ReturnType<LocalModels['actual']>): LocalModels {
  return {
    actual: () => actual,
    pools: () => [],
    leaving: () => [],
    status: () => ({
      ...{ version: undefined, state: 'applied', step: undefined, reason: undefined },
      ...{ model: undefined, sinceMs: 0 },
    }),
    follow: async () => undefined,
    devices: async () => NO_CARDS,
    requireDevices: async () => undefined,
  };
}

const NO_CARDS: DeviceReport = {
  cpu: { cores: 2, memoryTotalBytes: 8e9, memoryFreeBytes: 4e9 },
  cards: [],
  libraries: { cuda: false, tensorrt: false },
  note: 'No card.',
};
