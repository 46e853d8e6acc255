import { DomainError, ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import { startPool } from './pool.js';
import { aContext, flush, poolOptions, texts } from '../testing/builders.js';
import { handLinks } from '../testing/hand-links.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

describe('starting a pool', () => {
  it('is done when the first replica is ready', async () => {
    const { openLink, links } = handLinks();
    const starting = startPool(poolOptions(new ManualClock(), openLink, { replicas: 2 }));
    links[1]?.ready();
    expect((await starting).health()).toMatchObject({ ready: true, replicasReady: 1, replicas: 2 });
  });

  it('fails with the reason of the load, once no replica can load', async () => {
    const { openLink, links } = handLinks();
    const starting = startPool(poolOptions(new ManualClock(), openLink, { replicas: 2 }));
    for (const link of [...links]) link.loadFailed(new DomainError('unavailable', 'The file visual.onnx is missing.'));
    await expect(starting).rejects.toThrow('The model scripted cannot be loaded: The file visual.onnx is missing.');
    expect(links.every((link) => link.isOver)).toBe(true);
  });

  it('keeps what only the log may know of a failed load out of the public text', async () => {
    const { openLink, links } = handLinks();
    const starting = startPool(poolOptions(new ManualClock(), openLink));
    links[0]?.loadFailed(new DomainError('unavailable', 'A file is missing.', { internal: '/secret/folder' }));
    await expect(starting).rejects.toMatchObject({
      message: 'The model scripted cannot be loaded: A file is missing.',
      internal: '/secret/folder',
    });
  });

  it('survives two deaths in loading, and gives up after three', async () => {
    const clock = new ManualClock();
    const { openLink, last } = handLinks();
    const starting = startPool(poolOptions(clock, openLink)).catch((error: unknown) => error);
    for (let death = 0; death < 3; death += 1) {
      last().die();
      clock.advance(1_000);
    }
    expect(await starting).toMatchObject({ code: 'unavailable', message: expect.stringContaining('died 3 times') });
  });

  it('kills a replica whose load does not end', async () => {
    const { clock, first, links } = await aPool({ replicas: 2, loadMsMax: 5_000 });
    first.die();
    clock.advance(100);
    const reloading = links.at(-1);
    clock.advance(5_000);
    expect(reloading?.isOver).toBe(true);
  });
});

describe('ending a pool', () => {
  it('drains: refuses the new, finishes the old, then ends the replicas', async () => {
    const { pool, first } = await aPool({ batchItemsMax: 1 });
    const call = outcomeOf(pool.submit(texts(4), aContext()));
    const draining = pool.drain();
    expect(await outcomeOf(pool.submit(texts(1), aContext()))).toBe('shutting_down');
    expect(first.isOver).toBe(false);
    while (first.batches.length > 0) first.answer();
    await draining;
    expect(await call).toEqual([0, 1, 2, 3]);
    expect(first.isOver).toBe(true);
    expect(pool.snapshot().replicas[0]?.state).toBe('stopped');
  });

  it('drains once, however often it is asked to', async () => {
    const { pool, first } = await aPool();
    void pool.submit(texts(1), aContext());
    const drains = [pool.drain(), pool.drain()];
    first.answer();
    await Promise.all([...drains, pool.drain()]);
    expect(first.isOver).toBe(true);
  });

  it('drains through a death', async () => {
    const { pool, clock, first, last } = await aPool();
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    const draining = pool.drain();
    first.die();
    clock.advance(100);
    last().ready().answer();
    last().answer();
    await draining;
    expect(await call).toEqual([0, 1]);
  });

  it('is done when nobody waits any more for what a replica left behind', async () => {
    const { pool, first } = await aPool();
    const caller = new AbortController();
    const call = outcomeOf(pool.submit(texts(2), aContext('goes', caller.signal)));
    const retired = pool.retire();
    first.die();
    caller.abort();
    await retired;
    expect(await call).toBe('cancelled');
  });

  it('closes: fails what waits and what runs, and starts nothing again', async () => {
    const { pool, clock, first, links } = await aPool({ batchItemsMax: 2 });
    const calls = [pool.submit(texts(9), aContext()), pool.submit(texts(2), aContext())].map(outcomeOf);
    const draining = pool.drain();
    await pool.close();
    await draining;
    expect(await Promise.all(calls)).toEqual(['shutting_down', 'shutting_down']);
    clock.advance(60_000);
    await flush();
    expect(links).toEqual([first]);
    expect(first.isOver).toBe(true);
  });
});
