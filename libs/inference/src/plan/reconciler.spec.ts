import { DomainError, ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import type { NewPlace } from '../devices/device-check.js';
import { startPools } from '../model-registry.js';
import type { OpenLink } from '../replica-link.js';
import { aContext, flush, poolOptions, SCRIPTED_INFO, texts } from '../testing/builders.js';
import { HandLink } from '../testing/hand-links.js';
import { outcomeOf } from '../testing/hand-pool.js';
import { aModel, HOUSE } from '../testing/plan-state.js';
import type { DesiredModel } from './desired-models.js';
import { Reconciler } from './reconciler.js';

const mini = aModel('mini', { isDefault: true });
const large = aModel('large', { isDefault: true });

/** A process that serves `mini`; replicas of models in `slow` wait for the test, those in `broken` cannot load. */
async function aProcess() {
  const clock = new ManualClock();
  const links: HandLink[] = [];
  const slow = new Set<string>();
  const broken = new Map<string, DomainError>();
  const log: string[] = [];
  const applied: number[] = [];
  const asked: NewPlace[][] = [];
  const lacking = new Map<string, DomainError>();
  const require = async (places: readonly NewPlace[]) => {
    asked.push([...places]);
    const [refusal] = places.flatMap(({ device }) => lacking.get(device) ?? []);
    if (refusal) throw refusal;
  };
  const openLink: OpenLink = ({ replica }, events) => {
    const [name = ''] = replica.split('/');
    const link = new HandLink(replica, events);
    links.push(link);
    const load = () => {
      const failure = broken.get(name);
      if (failure) return link.loadFailed(failure);
      events.message({ type: 'ready', info: { ...SCRIPTED_INFO, name } });
      link.pull();
      link.pull();
    };
    if (!slow.has(name)) queueMicrotask(load);
    return link;
  };
  const options = ({ name, replicas, devices }: DesiredModel) =>
    poolOptions(clock, openLink, { name, replicas, devices, cores: 4 });
  const registry = await startPools([options(mini)]);
  const reconciler = new Reconciler({
    ...{ registry, clock, house: HOUSE, devices: { require } },
    poolOptions: async (wanted) => options(wanted),
    log: (level, text, version) => log.push(`${level} ${version}: ${text}`),
    onApplied: (version) => applied.push(version),
  });
  const linksOf = (name: string) => links.filter(({ replica, isOver }) => replica.startsWith(`${name}/`) && !isOver);
  const names = () => registry.list().map(({ name }) => name);
  return { clock, registry, reconciler, linksOf, names, slow, broken, log, applied, asked, lacking };
}

describe('a reconciler', () => {
  it('switches models, and says when all is served', async () => {
    const { reconciler, names, linksOf, applied } = await aProcess();
    reconciler.want({ version: 2, models: [large] });
    await reconciler.settled();
    expect(names()).toEqual(['large']);
    expect(linksOf('mini')).toEqual([]);
    expect(applied).toEqual([2]);
    expect(reconciler.status()).toEqual({ version: 2, state: 'applied', step: undefined, reason: undefined });
  });

  it('serves the old model until the new one is ready on all its replicas', async () => {
    const { reconciler, registry, names, linksOf, slow } = await aProcess();
    slow.add('large');
    reconciler.want({ version: 2, models: [{ ...large, replicas: 2 }] });
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
    reconciler.want({ version: 2, models: [large] });
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
    reconciler.want({ version: 2, models: [large] });
    for (const delayMs of [5_000, 10_000, 20_000]) {
      await reconciler.settled();
      expect(log.at(-1)).toContain(`tried again in ${delayMs / 1000} s`);
      clock.advance(delayMs);
    }
    await reconciler.settled();
    reconciler.want({ version: 3, models: [mini] });
    await reconciler.settled();
    expect(reconciler.status()).toMatchObject({ version: 3, state: 'applied', reason: undefined });
  });

  it('looks at the devices right before it starts replicas, and then only', async () => {
    const { reconciler, asked } = await aProcess();
    const wanted = [{ ...mini, isDefault: false, replicas: 2, devices: ['cpu', 'cuda:0'], batchItemsMax: 4 }, large];
    reconciler.want({ version: 2, models: wanted });
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
    reconciler.want({ version: 2, models: [{ ...large, devices: ['cuda:0'] }] });
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
    reconciler.want({ version: 2, models: [{ ...mini, replicas: 2 }] });
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
    const { reconciler, names, linksOf, slow, applied } = await aProcess();
    slow.add('large');
    reconciler.want({ version: 2, models: [large] });
    await flush();
    reconciler.want({ version: 3, models: [aModel('third', { isDefault: true })] });
    reconciler.want({ version: 4, models: [mini, aModel('fourth')] });
    reconciler.want({ version: 3, models: [large] });
    await flush();
    expect(linksOf('fourth')).toEqual([]);
    linksOf('large')[0]?.ready('large');
    await reconciler.settled();
    expect(names()).toEqual(['mini', 'fourth']);
    expect(applied).toEqual([4]);
  });

  it('begins no step after it was stopped', async () => {
    const { reconciler, names, linksOf, slow } = await aProcess();
    slow.add('large');
    reconciler.want({ version: 2, models: [large] });
    await flush();
    reconciler.stop();
    linksOf('large')[0]?.ready('large');
    await reconciler.settled();
    expect(names()).toContain('mini');
  });
});

describe('requests during a switch', () => {
  it('finish in the pool that they hold, and new ones get the new model', async () => {
    const { reconciler, registry, linksOf, names } = await aProcess();
    const old = registry.pool();
    const letGo = old.hold();
    const early = outcomeOf(old.submit(texts(2), aContext()));
    reconciler.want({ version: 2, models: [large] });
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
    reconciler.want({ version: 2, models: [large] });
    await flush();
    expect(reconciler.status().state).toBe('applying');
    clock.advance(30_000);
    await reconciler.settled();
    expect(reconciler.status().state).toBe('applied');
    reconciler.want({ version: 3, models: [mini] });
    await reconciler.settled();
    expect(names()).toEqual(['mini']);
    expect(registry.leaving()).toHaveLength(1);
    letGo();
  });
});
