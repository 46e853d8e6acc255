import { describe, expect, it } from 'vitest';
import { aContext, anImage, texts } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

function images(count: number, from = 0) {
  return Array.from({ length: count }, (_, n) => anImage(from + n));
}

/** A pool on a replica that says how long an image takes, as it does from the start. */
function aSlowPool(imageMs: number) {
  return aPool({ loads: (link) => link.ready('scripted', { textual: 10, visual: imageMs }) });
}

describe('a model that takes long', () => {
  it('is served, one image of 2 s at a time, without a kill', async () => {
    const { pool, links, clock, first } = await aSlowPool(2_000);
    const call = outcomeOf(pool.submit(images(32), aContext()));
    while (first.batches.length > 0) {
      expect(first.ids).toHaveLength(1);
      clock.advance(2_000);
      expect(pool.health().ready).toBe(true);
      first.answer(2_000);
    }
    expect(await call).toEqual(Array.from({ length: 32 }, (_, id) => id));
    expect(links).toHaveLength(1);
  });

  it('gets its texts in full batches all the same', async () => {
    const { pool, first } = await aSlowPool(2_000);
    void pool.submit(texts(64), aContext());
    expect(first.ids).toHaveLength(32);
  });

  it('gets full batches once it shows that it is faster than it was at first', async () => {
    const { pool, first } = await aSlowPool(400);
    void pool.submit(images(200), aContext());
    const sizes: number[] = [];
    for (let n = 0; n < 5; n += 1) sizes.push(first.answer(first.ids.length * 50).length);
    expect(sizes).toEqual([5, 5, 24, 32, 32]);
  });

  it('is not thought to be fast because of items that fail', async () => {
    const { pool, first } = await aSlowPool(2_000);
    void pool.submit(images(9), aContext());
    first.fail();
    first.fail();
    expect(first.ids).toHaveLength(1);
  });

  it('gets what another lost item by item, which it is able to do', async () => {
    const { pool, links } = await aPool({
      replicas: 2,
      loads: (link) => link.ready('scripted', { textual: 10, visual: link.replica === 'scripted/0' ? 1 : 900 }),
    });
    const [fast, slow] = links;
    const call = outcomeOf(pool.submit(images(5), aContext()));
    fast?.die();
    slow?.pong();
    const sizes: number[] = [];
    while (slow && slow.batches.length > 0) sizes.push(slow.answer(slow.ids.length * 900).length);
    expect(sizes).toEqual([1, 1, 1, 1, 1]);
    expect(await call).toEqual([0, 1, 2, 3, 4]);
  });
});
