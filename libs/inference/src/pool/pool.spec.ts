import { DomainError } from '#core';
import { describe, expect, it } from 'vitest';
import type { PoolObserver } from './pool-events.js';
import { aContext, anImage, texts } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

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

  it('says how many calls wait, each once, whatever kinds of items it has', async () => {
    const { pool } = await aPool({ batchItemsMax: 1 });
    void pool.submit(texts(2), aContext());
    void pool.submit([...texts(2), anImage(2)], aContext());
    void pool.submit(texts(1), aContext('other'));
    expect(pool.snapshot().queue).toMatchObject({ items: 4, requests: 2 });
  });

  it('tells the observer of each batch where it ran, why it left then, and how full it was', async () => {
    const batches: object[] = [];
    const { pool, first } = await aPool({ batchItemsMax: 4, observer: { onBatch: (event) => batches.push(event) } });
    for (const caller of ['a', 'b', 'c']) void pool.submit(texts(1), aContext(caller));
    void pool.submit(texts(5), aContext('d'));
    while (first.batches.length > 0) first.answer();
    expect(batches).toMatchObject([
      { model: 'scripted', replica: 'scripted/0', device: 'cpu', size: 1, itemsMax: 4, reason: 'idle_replica' },
      { size: 1, itemsMax: 4, reason: 'waited' },
      { size: 4, itemsMax: 4, reason: 'full' },
      { size: 2, itemsMax: 4, reason: 'idle_replica' },
    ]);
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
    expect(pool.snapshot().queue).toEqual({ items: 0, bytes: 0, oldestAgeMs: 0, requests: 0 });
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
    expect(two?.batches).toHaveLength(1);
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
    last().answer();
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

  it('is shown by a real run beside work when that holds nothing but broken items', async () => {
    const { pool, clock, first } = await aPool({ batchItemsMax: 1, runMsMax: 60_000 });
    let pongs = 0;
    for (let second = 1; second <= 20; second += 1) {
      void outcomeOf(pool.submit(texts(2), aContext()));
      clock.advance(1_000);
      first.fail();
      first.fail();
      for (; pongs < first.pings; pongs += 1) first.pong();
      expect(pool.health().ready).toBe(true);
    }
  });

  it('gives what is under way no more time by a health run', async () => {
    const { pool, clock, first } = await aPool({ runMsMax: 8_000 });
    void outcomeOf(pool.submit(texts(1), aContext()));
    clock.advance(6_000);
    expect(first.pings).toBe(1);
    clock.advance(2_000);
    expect(first.isOver).toBe(true);
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
