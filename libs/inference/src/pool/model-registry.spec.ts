import { DomainError, ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import { PoolRegistry, startPools } from './model-registry.js';
import { aContext, poolOptions, SCRIPTED_INFO, texts } from '../testing/builders.js';
import { HandLink } from '../testing/hand-links.js';
import type { OpenLink } from '../replica/replica-link.js';

const LOADING = 'The model is still being loaded. Try again in a few seconds.';

/** Models that load at once, or never. */
function model(name: string, links: HandLink[], failure?: DomainError) {
  const openLink: OpenLink = (placement, events) => {
    const link = new HandLink(placement.replica, events);
    links.push(link);
    queueMicrotask(() => {
      if (failure) return link.loadFailed(failure);
      events.message({ type: 'ready', info: { ...SCRIPTED_INFO, name } });
    });
    return link;
  };
  return poolOptions(new ManualClock(), openLink, { name });
}

describe('PoolRegistry', () => {
  it('gives the model of a name, and the first without one', async () => {
    const registry = await startPools([model('a', []), model('b', [])]);
    expect(registry.pool('b').info.name).toBe('b');
    expect(registry.pool().info.name).toBe('a');
    expect(registry.list().map((info) => info.name)).toEqual(['a', 'b']);
  });

  it('names what is served when asked for something else', async () => {
    const registry = await startPools([model('a', []), model('b', [])]);
    expect(() => registry.pool('c')).toThrow(
      expect.objectContaining({ code: 'model_unknown', message: 'The model "c" is not served here. Served: a, b.' }),
    );
  });

  it('does not start when one model cannot be loaded, and ends the others', async () => {
    const links: HandLink[] = [];
    const broken = model('broken', links, new DomainError('unavailable', 'The file is missing.'));
    await expect(startPools([model('a', links), broken])).rejects.toThrow(
      'The model broken cannot be loaded: The file is missing.',
    );
    expect(links).toHaveLength(2);
    expect(links.every((link) => link.isOver)).toBe(true);
  });

  it('refuses to serve nothing', async () => {
    await expect(startPools([])).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('asks callers to come back while the first model loads, by whatever name they ask', async () => {
    const registry = new PoolRegistry();
    const loading = expect.objectContaining({ code: 'unavailable', retryAfterMs: 5_000, message: LOADING });
    expect(() => registry.pool()).toThrow(loading);
    expect(() => registry.pool('a')).toThrow(loading);
    expect([registry.list(), registry.actual(), registry.snapshot(), [...registry.health()]]).toEqual([[], [], [], []]);
    await startPools([model('a', []), model('b', [])], registry);
    expect(registry.pool().info.name).toBe('a');
  });

  it('serves a lease to its end when its model is taken out of service, however the lease ends', async () => {
    const links: HandLink[] = [];
    const registry = await startPools([model('a', links), model('b', links)]);
    const work = Promise.withResolvers<string>();
    const failing = Promise.withResolvers<string>();
    const leases = [registry.lease('b', () => work.promise), registry.lease('b', () => failing.promise)];
    const removed = registry.remove('b');
    await expect(registry.lease('b', () => Promise.resolve('late'))).rejects.toMatchObject({ code: 'model_unknown' });
    failing.reject(new Error('broken'));
    await expect(leases[1]).rejects.toThrow('broken');
    expect(links.map((link) => link.isOver)).toEqual([false, false]);
    work.resolve('done');
    expect(await leases[0]).toBe('done');
    await removed;
    expect(links.map((link) => link.isOver)).toEqual([false, true]);
  });

  it('shows health and queues of every model, and ends them all', async () => {
    const links: HandLink[] = [];
    const registry = await startPools([model('a', links), model('b', links)]);
    expect([...registry.health()].map(([name, health]) => [name, health.ready])).toEqual([
      ['a', true],
      ['b', true],
    ]);
    expect(registry.snapshot().map((snapshot) => snapshot.model)).toEqual(['a', 'b']);
    await registry.drain();
    expect(links.every((link) => link.isOver)).toBe(true);
    await expect(registry.pool().submit(texts(1), aContext())).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
