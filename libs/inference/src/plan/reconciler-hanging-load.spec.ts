import { describe, expect, it } from 'vitest';
import { flush } from '../testing/builders.js';
import { aModel } from '../testing/plan-state.js';
import { aProcess } from '../testing/reconciled-process.js';
import type { DesiredModel } from './desired-models.js';

const mini = aModel('mini', { isDefault: true });
const large = aModel('large', { isDefault: true });

describe('a load that hangs', () => {
  it.each<[string, DesiredModel[]]>([
    ['asks for that model no more', [mini]],
    ['asks for it elsewhere', [aModel('mini'), { ...large, devices: ['cuda:0'] }]],
  ])('is ended at once when a newer version %s', async (_, models) => {
    const { reconciler, linksOf, slow, log } = await aProcess();
    slow.add('large');
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    const [hung] = linksOf('large');
    slow.clear();
    reconciler.setDesired({ version: 3, models });
    await reconciler.settled();
    expect(hung?.isOver).toBe(true);
    expect(log).toContainEqual(expect.stringMatching(/^info 2: broken off: Start large/));
    expect(reconciler.status()).toEqual({
      ...{ version: 3, state: 'applied', sinceMs: 0 },
      ...{ step: undefined, model: undefined, reason: undefined },
    });
    expect(log.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('is ended with the replicas that are ready already', async () => {
    const { reconciler, linksOf, names, slow } = await aProcess();
    slow.add('large');
    reconciler.setDesired({ version: 2, models: [{ ...large, replicas: 2 }] });
    await flush();
    linksOf('large')[0]?.ready('large');
    await flush();
    reconciler.setDesired({ version: 3, models: [mini] });
    await reconciler.settled();
    expect(linksOf('large')).toEqual([]);
    expect(names()).toEqual(['mini']);
  });

  it('of one more replica is ended, and the pool keeps those that serve', async () => {
    const { reconciler, registry, linksOf, slow } = await aProcess();
    slow.add('mini');
    reconciler.setDesired({ version: 2, models: [{ ...mini, replicas: 2, devices: ['cpu', 'cuda:0'] }] });
    await flush();
    expect(linksOf('mini')).toHaveLength(2);
    reconciler.setDesired({ version: 3, models: [mini] });
    await reconciler.settled();
    expect(linksOf('mini')).toHaveLength(1);
    expect(registry.pool().health()).toMatchObject({ replicasReady: 1 });
    expect(reconciler.status().state).toBe('applied');
  });

  it('that comes to its end as it is broken off leaves nothing half alive', async () => {
    const { reconciler, registry, linksOf, names, slow } = await aProcess();
    for (const models of [[large], [{ ...mini, replicas: 2, devices: ['cpu', 'cuda:0'] }]]) {
      for (const name of ['large', 'mini']) slow.add(name);
      const version = (reconciler.status().version ?? 1) + 1;
      reconciler.setDesired({ version, models });
      await flush();
      linksOf(models[0]?.name ?? '')
        .at(-1)
        ?.ready();
      reconciler.setDesired({ version: version + 1, models: [mini] });
      await reconciler.settled();
      expect(names()).toEqual(['mini']);
      expect(registry.snapshot()[0]?.replicas.map(({ state }) => state)).toEqual(['ready']);
      expect(linksOf('large')).toEqual([]);
      expect(linksOf('mini')).toHaveLength(1);
    }
  });

  it('goes on when a newer version asks for the same, whatever else it changes', async () => {
    const { reconciler, linksOf, names, slow, applied } = await aProcess();
    slow.add('large');
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    const [link] = linksOf('large');
    reconciler.setDesired({ version: 3, models: [mini, { ...large, isDefault: false, batchItemsMax: 4 }] });
    reconciler.setDesired({ version: 4, models: [mini, { ...large, isDefault: false }, aModel('fourth')] });
    await flush();
    expect(link?.isOver).toBe(false);
    link?.ready('large');
    await reconciler.settled();
    expect(names()).toEqual(['mini', 'large', 'fourth']);
    expect(applied).toEqual([4]);
  });

  it('in the download is ended too, and no process starts for it later', async () => {
    const { reconciler, linksOf, names, downloading } = await aProcess();
    downloading.add('large');
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    reconciler.setDesired({ version: 3, models: [mini, aModel('small')] });
    await reconciler.settled();
    expect(names()).toEqual(['mini', 'small']);
    expect(linksOf('large')).toEqual([]);
  });

  it('whose process cannot be killed delays a newer version by half a minute, and never serves', async () => {
    const { reconciler, clock, linksOf, names, slow } = await aProcess();
    slow.add('large');
    reconciler.setDesired({ version: 2, models: [large] });
    await flush();
    const [hung] = linksOf('large');
    const killed = Promise.withResolvers<void>();
    Object.assign(hung ?? {}, { exited: killed.promise });
    reconciler.setDesired({ version: 3, models: [mini, aModel('small')] });
    await flush();
    expect(names()).toEqual(['mini']);
    clock.advance(30_000);
    await reconciler.settled();
    expect(names()).toEqual(['mini', 'small']);
    killed.resolve();
    await flush();
    expect(names()).toEqual(['mini', 'small']);
  });
});
