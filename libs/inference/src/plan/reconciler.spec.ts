import { DomainError } from '#core';
import { describe, expect, it } from 'vitest';
import { aContext, flush, texts } from '../testing/builders.js';
import { outcomeOf } from '../testing/hand-pool.js';
import { aModel } from '../testing/plan-state.js';
import { aProcess } from '../testing/reconciled-process.js';

const mini = aModel('mini', { isDefault: true });
const large = aModel('large', { isDefault: true });

describe('a reconciler', () => {
  it('switches models, and says when all is served', async () => {
    const { reconciler, names, linksOf, applied } = await aProcess();
    reconciler.setDesired({ version: 2, models: [large] });
    await reconciler.settled();
    expect(names()).toEqual(['large']);
    expect(linksOf('mini')).toEqual([]);
    expect(applied).toEqual([2]);
    expect(reconciler.status()).toEqual({
      ...{ version: 2, state: 'applied', sinceMs: 0 },
      ...{ step: undefined, model: undefined, reason: undefined },
    });
  });

  it('serves the old model until the new one is ready on all its replicas', async () => {
    const { reconciler, registry, names, linksOf, slow } = await aProcess();
    slow.add('large');
    reconciler.setDesired({ version: 2, models: [{ ...large, replicas: 2 }] });
    await flush();
    const [one, two] = linksOf('large');
    one?.ready('large');
    await flush();
    expect(names()).toEqual(['mini']);
    expect(reconciler.status()).toMatchObject({ state: 'applying', step: expect.stringContaining('Start large') });
    expect(registry.pool().info.name).toBe('mini');
    two?.ready('large');
    await reconciler.settled();
    expect(names()).toEqual(['large']);
  });

  it('leaves what serves untouched when the new model cannot be loaded, says why, and tries again later', async () => {
    const { reconciler, names, linksOf, broken, clock } = await aProcess();
    broken.set('large', new DomainError('unavailable', 'The file visual.onnx is missing.'));
    reconciler.setDesired({ version: 2, models: [large] });
    await reconciler.settled();
    const reason = 'The model large cannot be loaded: The file visual.onnx is missing.';
    expect(reconciler.status()).toMatchObject({ version: 2, state: 'failed', reason });
    expect(names()).toEqual(['mini']);
    expect(linksOf('large')).toEqual([]);

    broken.clear();
    clock.advance(5_000);
    await reconciler.settled();
    expect(names()).toEqual(['large']);
  });

  it('waits longer after each failure, and no longer once a newer version is wanted', async () => {
    const { reconciler, broken, clock, log } = await aProcess();
    broken.set('large', new DomainError('unavailable', 'No.'));
    reconciler.setDesired({ version: 2, models: [large] });
    for (const delayMs of [5_000, 10_000, 20_000]) {
      await reconciler.settled();
      expect(log.at(-1)).toContain(`tried again in ${delayMs / 1000} s`);
      clock.advance(delayMs);
    }
    await reconciler.settled();
    reconciler.setDesired({ version: 3, models: [mini] });
    await reconciler.settled();
    expect(reconciler.status()).toMatchObject({ version: 3, state: 'applied', reason: undefined });
  });

  it('looks at the devices right before it starts replicas, and then only', async () => {
    const { reconciler, asked } = await aProcess();
    const wanted = [{ ...mini, isDefault: false, replicas: 2, devices: ['cpu', 'cuda:0'], batchItemsMax: 4 }, large];
    reconciler.setDesired({ version: 2, models: wanted });
    await reconciler.settled();
    expect(asked).toEqual([
      [{ model: 'mini', device: 'cpu' }],
      [{ model: 'mini', device: 'cuda:0' }],
      [{ model: 'large', device: 'cpu' }],
    ]);
  });

  it('starts nothing where the device cannot take it, says why, and tries again later', async () => {
    const { reconciler, names, linksOf, lacking, clock } = await aProcess();
    lacking.set('cuda:0', new DomainError('unavailable', 'cuda:0 has 1 GB free, and 2 are needed.'));
    reconciler.setDesired({ version: 2, models: [{ ...large, devices: ['cuda:0'] }] });
    await reconciler.settled();
    const reason = 'cuda:0 has 1 GB free, and 2 are needed.';
    expect(reconciler.status()).toMatchObject({
      state: 'failed',
      step: expect.stringContaining('Start large'),
      reason,
    });
    expect(linksOf('large')).toEqual([]);
    expect(names()).toEqual(['mini']);

    lacking.clear();
    clock.advance(5_000);
    await reconciler.settled();
    expect(names()).toEqual(['large']);
  });

  it('adds nothing of a replica that cannot be loaded', async () => {
    const { reconciler, registry, broken } = await aProcess();
    broken.set('mini', new DomainError('unavailable', 'Out of memory.'));
    reconciler.setDesired({ version: 2, models: [{ ...mini, replicas: 2 }] });
    await reconciler.settled();
    expect(reconciler.status()).toMatchObject({ state: 'failed', reason: expect.stringContaining('Out of memory.') });
    expect(
      registry
        .pool()
        .snapshot()
        .replicas.map(({ state }) => state),
    ).toEqual(['ready']);
  });

  it('goes from one newest version to the next, whatever came between, one step at a time', async () => {
    const { reconciler, registry, names, linksOf, applied } = await aProcess();
    const letGo = registry.pool().hold();
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    expect(names()).toEqual(['large']);
    reconciler.setDesired({ version: 3, models: [aModel('third', { isDefault: true })] });
    reconciler.setDesired({ version: 4, models: [large, aModel('fourth')] });
    await flush();
    expect(linksOf('fourth')).toEqual([]);
    letGo();
    await reconciler.settled();
    expect(names()).toEqual(['large', 'fourth']);
    expect(applied).toEqual([4]);
  });

  it('serves what it has when a version asks for what cannot be read, and says so until another comes', async () => {
    const { reconciler, names, clock, log } = await aProcess();
    reconciler.setDesired({ version: 2, models: [{ ...large, devices: ['rocm:0'] }] });
    await reconciler.settled();
    const failed = { version: 2, state: 'failed', step: undefined, reason: expect.stringContaining('rocm:0') };
    expect(reconciler.status()).toMatchObject(failed);
    clock.advance(5_000);
    await reconciler.settled();
    expect(reconciler.status()).toMatchObject(failed);
    expect(log.filter((line) => line.startsWith('warn 2: '))).toHaveLength(2);
    expect(names()).toEqual(['mini']);
    reconciler.setDesired({ version: 3, models: [large] });
    await reconciler.settled();
    expect(names()).toEqual(['large']);
  });

  it('follows a database that was restored: an older version, then another with a number that it has seen', async () => {
    const { reconciler, names, log, applied } = await aProcess();
    reconciler.setDesired({ version: 9, models: [large] });
    await reconciler.settled();
    reconciler.setDesired({ version: 5, models: [mini] });
    await reconciler.settled();
    expect(names()).toEqual(['mini']);
    expect(log).toContainEqual(expect.stringMatching(/^warn 5: .*from version 9 to 5/));
    reconciler.setDesired({ version: 9, models: [aModel('other', { isDefault: true })] });
    await reconciler.settled();
    expect(names()).toEqual(['other']);
    expect(applied).toEqual([9, 5, 9]);
  });

  it('does nothing when it is told again what it knows', async () => {
    const { reconciler, applied } = await aProcess();
    for (let n = 0; n < 3; n += 1) {
      reconciler.setDesired({ version: 2, models: [{ ...mini }] });
      await reconciler.settled();
    }
    expect(applied).toEqual([2]);
  });

  it('begins no step after it was stopped, and breaks off the one under way', async () => {
    const { reconciler, names, linksOf, slow, log } = await aProcess();
    slow.add('large');
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    reconciler.stop();
    await reconciler.settled();
    expect(linksOf('large')).toEqual([]);
    expect(names()).toEqual(['mini']);
    expect(log.filter((line) => line.startsWith('warn'))).toEqual([]);
  });
});

describe('requests during a switch', () => {
  it('finish in the pool that they hold, and new ones get the new model', async () => {
    const { reconciler, registry, linksOf, names } = await aProcess();
    const old = registry.pool();
    const letGo = old.hold();
    const early = outcomeOf(old.submit(texts(2), aContext()));
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    expect(names()).toEqual(['large']);
    expect(registry.leaving().map(({ model }) => model)).toEqual(['mini']);

    const late = outcomeOf(old.submit(texts(1, 50), aContext()));
    const fresh = outcomeOf(registry.pool().submit(texts(1, 90), aContext()));
    const [link] = linksOf('mini');
    link?.answer();
    link?.answer();
    linksOf('large')[0]?.answer();
    expect(await Promise.all([early, late, fresh])).toEqual([[0, 1], [50], [90]]);
    expect(registry.leaving()).toHaveLength(1);

    letGo();
    await reconciler.settled();
    expect(registry.leaving()).toEqual([]);
    expect(linksOf('mini')).toEqual([]);
  });

  it('do not hold up the plan for ever: it goes on after half a minute, and they still finish', async () => {
    const { reconciler, registry, clock, names } = await aProcess();
    const letGo = registry.pool().hold();
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    expect(reconciler.status().state).toBe('applying');
    clock.advance(30_000);
    await reconciler.settled();
    expect(reconciler.status().state).toBe('applied');
    reconciler.setDesired({ version: 3, models: [mini] });
    await reconciler.settled();
    expect(names()).toEqual(['mini']);
    expect(registry.leaving()).toHaveLength(1);
    letGo();
  });
});
