import { DomainError } from '#core';
import { describe, expect, it } from 'vitest';
import { aContext, flush, texts } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

const NO_FILE = new DomainError('unavailable', 'The file is missing.');
/** Longer than any wait between two starts. */
const RESTART_MS = 10_000;

describe('a pool that cannot serve any more', () => {
  it('lets nobody wait for replicas that die each time that they load', async () => {
    const { pool, clock, first, last } = await aPool({ replicas: 1 });
    const waiting = outcomeOf(pool.submit(texts(2), aContext()));
    first.die();
    for (let death = 1; death < 3; death += 1) {
      clock.advance(RESTART_MS);
      last().die();
    }
    expect(await waiting).toBe('unavailable');
    clock.advance(RESTART_MS);
    expect(pool.snapshot().replicas.map(({ state }) => state)).toEqual(['starting']);
    await expect(pool.submit(texts(1), aContext())).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 5_000 });
  });

  it('takes no calls while a replica that could not load its model tries again', async () => {
    const { pool, clock, first, last } = await aPool();
    first.die();
    clock.advance(RESTART_MS);
    last().loadFailed(NO_FILE);
    clock.advance(RESTART_MS);
    expect(pool.snapshot().replicas.map(({ state }) => state)).toEqual(['starting']);
    expect(await outcomeOf(pool.submit(texts(1), aContext()))).toBe('unavailable');
  });

  it('serves again as soon as one of its replicas is ready', async () => {
    const { pool, clock, first, last } = await aPool();
    first.die();
    clock.advance(RESTART_MS);
    last().loadFailed(NO_FILE);
    clock.advance(RESTART_MS);
    last().ready();
    const call = outcomeOf(pool.submit(texts(1), aContext()));
    last().answer();
    expect(await call).toEqual([0]);
    last().die();
    await flush();
    const waiting = outcomeOf(pool.submit(texts(1), aContext()));
    clock.advance(RESTART_MS);
    last().ready().answer();
    expect(await waiting).toEqual([0]);
  });

  it('is one with no replica left that may come back: one that only died may', async () => {
    const { pool, clock, links, last } = await aPool({ replicas: 2 });
    const call = outcomeOf(pool.submit(texts(1), aContext()));
    links[1]?.die();
    clock.advance(RESTART_MS);
    last().loadFailed(NO_FILE);
    links[0]?.die();
    clock.advance(100);
    last().ready().answer();
    expect(await call).toEqual([0]);
  });
});
