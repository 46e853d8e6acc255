import { describe, expect, it } from 'vitest';
import { aContext, flush, texts } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

describe('what a pool tells of itself in detail', () => {
  it('has what waits by principal and by age, and the batches in hand', async () => {
    const { pool, clock, links } = await aPool({ batchItemsMax: 2 });
    const calls = [pool.submit(texts(4), aContext('ann')), pool.submit(texts(3), aContext('bob'))].map(outcomeOf);
    clock.advance(50);
    calls.push(outcomeOf(pool.submit(texts(40), aContext('ann'))));
    const { queue, replicas } = pool.detail();
    expect(queue.byPrincipal).toEqual([
      { principalId: 'ann', items: 40, requests: 1, oldestAgeMs: 0 },
      { principalId: 'bob', items: 3, requests: 1, oldestAgeMs: 50 },
    ]);
    expect(queue).toMatchObject({ byPriority: { interactive: 3, bulk: 40 }, ages: [40, 3, 0, 0, 0], isPartial: false });
    expect(replicas[0]?.held).toEqual([
      { tower: 'textual', items: 2, itemsMax: 2, reason: 'full', attempt: 1, ageMs: 50 },
      { tower: 'textual', items: 2, itemsMax: 2, reason: 'full', attempt: 1, ageMs: 50 },
    ]);
    while (links.some(({ batches }) => batches.length > 0)) for (const link of links) link.answer();
    await Promise.all(calls);
    expect(pool.detail().queue).toMatchObject({ items: 0, byPrincipal: [], ages: [0, 0, 0, 0, 0] });
  });
});

describe('a replica that is restarted', () => {
  it('goes when a fresh one is ready in its place, and no item is lost', async () => {
    const { pool, first, last } = await aPool({ batchItemsMax: 2 });
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    const done = pool.restartReplica('scripted/0');
    await flush();
    expect(pool.shape.replicas.map(({ name }) => name)).toEqual(['scripted/0', 'scripted/1']);
    first.answer();
    last().ready();
    await done;
    expect(await call).toEqual([0, 1]);
    expect(first.isOver).toBe(true);
    expect(pool.shape.replicas.map(({ name }) => name)).toEqual(['scripted/1']);
  });

  it('serves on when no fresh one can be started, and the reason is told', async () => {
    const { pool, last } = await aPool();
    const done = pool.restartReplica('scripted/0');
    await flush();
    for (let deaths = 0; deaths < 3; deaths += 1) last().die();
    await expect(done).rejects.toMatchObject({ code: 'unavailable' });
    expect(pool.shape.replicas.map(({ name }) => name)).toEqual(['scripted/0']);
  });

  it('is not found by a name that nothing has', async () => {
    const { pool } = await aPool();
    await expect(pool.restartReplica('scripted/7')).rejects.toMatchObject({ code: 'not_found' });
  });
});
