import { DomainError, ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import type { PoolObserver } from './pool-events.js';
import type { PoolOptions } from './pool-options.js';
import { startPool, type ModelPool } from './pool.js';
import { aContext, flush, poolOptions, texts } from './testing/builders.js';
import { handLinks, type HandLink } from './testing/hand-links.js';

/** A started pool whose replicas (`first`, and `links` for all lives) the test plays. */
async function aPool(changes: Partial<PoolOptions> = {}) {
  const clock = new ManualClock();
  const { openLink, links, last } = handLinks();
  const starting = startPool(poolOptions(clock, openLink, changes));
  for (const link of [...links]) link.ready();
  const pool = await starting;
  const first: HandLink = links[0] ?? last();
  return { pool, clock, links, first, last };
}

/** How a call ends, so that a rejection is a value too. */
function outcomeOf(call: ReturnType<ModelPool['submit']>): Promise<unknown> {
  return call.then(
    (results) => results.map((result) => (result.ok ? result.embedding[0] : result.error.code)),
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
}

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

describe('submitting to a pool', () => {
  it('answers in the order of the items, over as many batches as it takes', async () => {
    const { pool, first } = await aPool({ batchItemsMax: 4 });
    const call = outcomeOf(pool.submit(texts(10), aContext()));
    while (first.batches.length > 0) first.answer();
    expect(await call).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('answers no items with no results', async () => {
    const { pool } = await aPool();
    expect(await pool.submit([], aContext())).toEqual([]);
  });

  it('batches what callers send while a replica is busy', async () => {
    const { pool, first } = await aPool();
    const calls = texts(6).map((item, n) => outcomeOf(pool.submit([item], aContext(`caller ${n}`))));
    expect(first.answer()).toEqual([0]);
    expect(first.answer()).toEqual([1]);
    expect(first.answer()).toEqual([2, 3, 4, 5]);
    expect(await Promise.all(calls)).toEqual([[0], [1], [2], [3], [4], [5]]);
  });

  it('lets a lone item of one caller pass the mass of another', async () => {
    const { pool, first } = await aPool({ batchItemsMax: 4 });
    void pool.submit(texts(100), aContext('bulk'));
    const single = outcomeOf(pool.submit(texts(1, 900), aContext('single')));
    first.answer();
    first.answer();
    first.answer();
    expect(await single).toEqual([900]);
  });

  it('prefers a replica that holds nothing', async () => {
    const { pool, links } = await aPool({ replicas: 2 });
    void pool.submit(texts(3), aContext());
    void pool.submit(texts(3), aContext());
    expect(links.map((link) => link.batches.length)).toEqual([1, 1]);
  });

  it('refuses with queue_full at once, tells the observer, and keeps nothing of the call', async () => {
    const refused: unknown[] = [];
    const observer: PoolObserver = { onRefused: (event) => refused.push(event) };
    const { pool } = await aPool({ batchItemsMax: 2, queueItemsMax: 5, observer });
    void pool.submit(texts(5), aContext());
    expect(await outcomeOf(pool.submit(texts(5), aContext()))).toBe('queue_full');
    expect(refused).toEqual([{ model: 'scripted', items: 5 }]);
    expect(pool.snapshot().queue.items).toBe(1);
  });
});

describe('a caller that goes away', () => {
  it('takes its waiting items along: they never reach a replica', async () => {
    const { pool, first } = await aPool({ batchItemsMax: 2 });
    const caller = new AbortController();
    void pool.submit(texts(4), aContext('other'));
    const call = outcomeOf(pool.submit(texts(10, 100), aContext('goes', caller.signal)));

    caller.abort();

    expect(await call).toBe('cancelled');
    expect(pool.snapshot().queue).toEqual({ items: 0, bytes: 0, oldestAgeMs: 0 });
    first.answer();
    first.answer();
    expect(first.batches).toEqual([]);
  });

  it('gets its deadline as the error when that is why', async () => {
    const { pool } = await aPool();
    const caller = new AbortController();
    const call = outcomeOf(pool.submit(texts(1), aContext('late', caller.signal)));
    caller.abort(new DomainError('deadline_exceeded', 'Too late.'));
    expect(await call).toBe('deadline_exceeded');
  });

  it('gets deadline_exceeded for a signal that timed out', async () => {
    const { pool } = await aPool();
    const timedOut = AbortSignal.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    expect(await outcomeOf(pool.submit(texts(1), aContext('late', timedOut)))).toBe('deadline_exceeded');
  });

  it('is refused when it is gone before it comes', async () => {
    const { pool, first } = await aPool();
    expect(await outcomeOf(pool.submit(texts(1), aContext('gone', AbortSignal.abort())))).toBe('cancelled');
    expect(first.batches).toEqual([]);
  });

  it('is not tried again when its replica dies', async () => {
    const { pool, clock, first, last } = await aPool();
    const caller = new AbortController();
    const call = outcomeOf(pool.submit(texts(1), aContext('goes', caller.signal)));
    first.die();
    caller.abort();
    clock.advance(100);
    last().ready();
    expect(await call).toBe('cancelled');
    expect(last().batches).toEqual([]);
  });
});

describe('a replica that dies', () => {
  it('leaves its batches to another, each alone', async () => {
    const { pool, links } = await aPool({ replicas: 2, batchItemsMax: 2 });
    const [one, two] = links;
    const call = outcomeOf(pool.submit(texts(10), aContext()));
    one?.die();
    expect(two?.batches).toHaveLength(2);
    two?.answer();
    two?.answer();
    expect(two?.batches).toHaveLength(1);
    while (two && two.batches.length > 0) two.answer();
    expect(await call).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('comes back after its delay and says so', async () => {
    const { pool, clock, first, links, last } = await aPool();
    first.die('exited with code 1');
    expect(pool.snapshot().replicas[0]).toMatchObject({
      state: 'restarting',
      reason: 'exited with code 1',
      restarts: 0,
    });
    clock.advance(99);
    expect(links).toHaveLength(1);
    clock.advance(1);
    last().ready();
    expect(pool.snapshot().replicas[0]).toMatchObject({ state: 'ready', reason: undefined, restarts: 1 });
  });

  it('is killed when it gives no answer in time, and its work goes on', async () => {
    const { pool, clock, first, last } = await aPool({ runMsMax: 1_000 });
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    clock.advance(1_000);
    expect(first.isOver).toBe(true);
    clock.advance(100);
    last().ready().answer();
    expect(await call).toEqual([0, 1]);
  });

  it('is not killed for a long line of batches, each answered in time', async () => {
    const { pool, clock, first } = await aPool({ runMsMax: 1_000, batchItemsMax: 1 });
    const call = outcomeOf(pool.submit(texts(5), aContext()));
    while (first.batches.length > 0) {
      clock.advance(900);
      first.answer();
    }
    expect(await call).toEqual([0, 1, 2, 3, 4]);
  });

  it('makes the pool unavailable only when no replica can load again', async () => {
    const { pool, clock, first, last } = await aPool();
    const call = outcomeOf(pool.submit(texts(1), aContext()));
    first.die();
    clock.advance(100);
    last().loadFailed(new DomainError('unavailable', 'The file is missing.'));
    expect(await call).toBe('unavailable');
    expect(await outcomeOf(pool.submit(texts(1), aContext()))).toBe('unavailable');

    clock.advance(200);
    last().ready();
    const again = outcomeOf(pool.submit(texts(1), aContext()));
    last().answer();
    expect(await again).toEqual([0]);
  });
});

describe('the health of a pool', () => {
  it('is shown by a real run every five idle seconds', async () => {
    const { pool, clock, first } = await aPool();
    clock.advance(5_000);
    expect(first.pings).toBe(1);
    first.pong();
    clock.advance(10_000);
    expect(first.pings).toBe(2);
    expect(pool.health()).toMatchObject({ ready: true, lastForwardAgeMs: 10_000 });
  });

  it('needs no health run while real work passes', async () => {
    const { pool, clock, first } = await aPool();
    clock.advance(4_000);
    void pool.submit(texts(1), aContext());
    first.answer();
    clock.advance(4_000);
    expect(first.pings).toBe(0);
  });

  it('is gone ten seconds after the last run that passed', async () => {
    const { pool, clock } = await aPool();
    clock.advance(10_000);
    expect(pool.health().ready).toBe(true);
    clock.advance(1);
    expect(pool.health().ready).toBe(false);
  });

  it('ends a replica that does not pass its health run', async () => {
    const { clock, first } = await aPool({ runMsMax: 1_000 });
    clock.advance(6_000);
    expect(first.isOver).toBe(true);
  });

  it('is gone at once with the last replica', async () => {
    const { pool, first } = await aPool();
    first.die();
    expect(pool.health()).toEqual({ ready: false, replicasReady: 0, replicas: 1, lastForwardAgeMs: undefined });
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

  it('drains through a death', async () => {
    const { pool, clock, first, last } = await aPool();
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    const draining = pool.drain();
    first.die();
    clock.advance(100);
    last().ready().answer();
    await draining;
    expect(await call).toEqual([0, 1]);
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
