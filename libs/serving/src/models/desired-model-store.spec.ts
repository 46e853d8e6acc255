import { listAudit } from '#audit';
import { ManualClock } from '#core';
import { expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { DesiredModelStore } from './desired-model-store.js';
import { aModel, ADA } from './testing/models.js';

onEachDatabase((databases) => {
  const open = async () => {
    const database = await databases.open();
    return { database, store: new DesiredModelStore({ database, clock: new ManualClock() }) };
  };

  it('keeps every version, numbered upwards, the newest in force', async () => {
    const { store } = await open();
    expect(await store.newest()).toBeUndefined();
    const first = await store.apply(ADA, { models: [aModel('a')], note: 'begin' });
    const second = await store.apply(ADA, { models: [aModel('a', { replicas: 2, rssBytesMax: 1e9 })], note: '' });
    expect(second.version).toBeGreaterThan(first.version);
    expect(await store.newest()).toEqual(second);
    expect((await store.list(10)).map(({ version }) => version)).toEqual([second.version, first.version]);
    expect(await store.get(first.version)).toEqual(first);
    await expect(store.get(99)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('audits a change in its own transaction: never one without the other', async () => {
    const { database, store } = await open();
    await store.apply(ADA, { models: [aModel('a')], note: 'one' });
    await store.apply(ADA, { models: [aModel('b')], note: 'two' });
    await expect(store.apply(ADA, { models: [aModel('c')], note: '', basedOn: 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { events } = await listAudit(database, { action: 'models.apply' });
    expect(events.map(({ after }) => after)).toHaveLength(2);
    expect(await store.changes()).toBe(2);
  });

  it('refuses a change that was made from a version that is no longer in force', async () => {
    const { store } = await open();
    const { version } = await store.apply(ADA, { models: [aModel('a')], note: '' });
    const changes = ['b', 'c'].map((name) => store.apply(ADA, { models: [aModel(name)], note: '', basedOn: version }));
    const outcomes = await Promise.allSettled(changes);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('rolls back by a new version with the old models', async () => {
    const { database, store } = await open();
    const first = await store.apply(ADA, { models: [aModel('a')], note: '' });
    await store.apply(ADA, { models: [aModel('b')], note: '' });
    const third = await store.rollback(ADA, { version: first.version });
    expect(third).toMatchObject({ version: 3, models: first.models, note: 'back to version 1', source: 'admin' });
    await expect(store.rollback(ADA, { version: 77 })).rejects.toMatchObject({ code: 'not_found' });
    expect((await listAudit(database, { action: 'models.rollback' })).events).toHaveLength(1);
  });

  it('writes what the settings ask for at the first start, once however many processes start', async () => {
    const options = await databases.options();
    const stores = await Promise.all(
      [1, 2].map(
        async () => new DesiredModelStore({ database: await databases.open(options), clock: new ManualClock() }),
      ),
    );
    const seeded = await Promise.all([...stores, ...stores].map((store) => store.seed([aModel('a')])));
    expect(new Set(seeded.map(({ state }) => state.version)).size).toBe(1);
    expect(seeded[0]?.state).toMatchObject({ source: 'settings', note: 'first start' });
    expect(await stores[0]?.list(9)).toHaveLength(1);
  });

  it('follows settings that change as long as nobody has set the models otherwise', async () => {
    const { store } = await open();
    await store.seed([aModel('a')]);
    expect(await store.seed([aModel('a')])).toMatchObject({ state: { version: 1 }, isOverridden: false });
    expect((await store.seed([aModel('b')])).state).toMatchObject({ version: 2, note: 'the settings have changed' });
    await store.apply(ADA, { models: [aModel('c')], note: '' });
    expect(await store.seed([aModel('b')])).toMatchObject({ state: { version: 3 }, isOverridden: true });
    expect(await store.seed([aModel('c')])).toMatchObject({ state: { version: 3 }, isOverridden: false });
  });

  it('says what a start would have served, and writes nothing', async () => {
    const { store } = await open();
    expect(await store.wanted([aModel('a')])).toEqual({ stored: undefined, models: [aModel('a')] });
    expect(await store.newest()).toBeUndefined();
    const { state } = await store.seed([aModel('a')]);
    expect(await store.wanted([aModel('a')])).toEqual({ stored: state, models: state.models });
    expect(await store.wanted([aModel('b')])).toEqual({ stored: undefined, models: [aModel('b')] });
    const applied = await store.apply(ADA, { models: [aModel('c')], note: '' });
    expect((await store.wanted([aModel('b')])).stored).toEqual(applied);
    expect(await store.list(9)).toHaveLength(2);
  });

  it('knows the newest version that was really served', async () => {
    const { store } = await open();
    for (const name of ['a', 'b', 'c', 'd']) await store.apply(ADA, { models: [aModel(name)], note: '' });
    await store.markServed(1);
    await store.markServed(2);
    expect((await store.lastServedBefore(4))?.version).toBe(2);
    expect(await store.lastServedBefore(1)).toBeUndefined();
  });
});
