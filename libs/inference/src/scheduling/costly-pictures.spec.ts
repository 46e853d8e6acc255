import { describe, expect, it } from 'vitest';
import { ManualClock, type EncodeItem } from '#core';
import { Batcher } from './batcher.js';
import { ItemQueue } from './queue.js';
import { Submission } from './submission.js';
import { aContext, anImage, aPngHead, aText, flush, idOf } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

/** Some 140 ms of decoding, as a PNG. */
const mild = (id: number) => aPngHead(id, 5_000, 2_000);
/** Some 560 ms. */
const costly = (id: number) => aPngHead(id, 8_000, 5_000);
/** Some 2.4 s. */
const largest = (id: number) => aPngHead(id, 16_000, 10_900);

function many(count: number, make: (id: number) => EncodeItem, from = 0): EncodeItem[] {
  return Array.from({ length: count }, (_, n) => make(from + n));
}

function aBatcher() {
  const queue = new ItemQueue('a-model', { itemsMax: 1_000, bytesMax: 1e9 }, () => 0);
  const batcher = new Batcher(queue, { itemsMax: 32, bytesMax: 1e9 }, new ManualClock());
  const add = (items: EncodeItem[], principal = 'anyone') => {
    queue.add(new Submission(items, aContext(principal), 0));
    batcher.noteArrival();
  };
  const take = (itemsHeld = 0) => batcher.nextBatch(itemsHeld)?.items.map(({ item }) => idOf(item));
  return { batcher, add, take };
}

describe('a batch of pictures', () => {
  it('is as large as the decoding of about a second allows', () => {
    const { add, take } = aBatcher();
    add(many(10, mild));
    expect([take(), take()]).toEqual([
      [0, 1, 2, 3, 4, 5, 6],
      [7, 8, 9],
    ]);
  });

  it('is full for a busy replica when its decoding is', () => {
    const { add, take } = aBatcher();
    add(many(7, mild));
    expect(take(32)).toBeUndefined();
    add(many(1, mild, 7));
    expect(take(32)).toHaveLength(7);
  });

  it('holds costly ones apart from the others, of about two seconds, one at least', () => {
    const { add, batcher } = aBatcher();
    add([...many(5, costly), anImage(5), largest(6), largest(7), aText(8)]);
    const batches = Array.from({ length: 6 }, () => batcher.nextBatch(0));
    expect(batches.map((batch) => [batch?.workClass, batch?.items.map(({ item }) => idOf(item))])).toEqual([
      ['textual', [8]],
      ['visual', [5]],
      ['costly', [0, 1, 2]],
      ['costly', [3, 4]],
      ['costly', [6]],
      ['costly', [7]],
    ]);
  });
});

describe('a principal whose pictures are costly', () => {
  it('pays for them in turns, so that another gets as much decoding and not as many items', () => {
    const { add, take } = aBatcher();
    add(many(4, largest), 'large');
    add(many(8, costly, 10), 'small');
    const order = Array.from({ length: 8 }, () => take()).flat();
    expect(order.indexOf(1)).toBeGreaterThan(order.indexOf(12));
    expect(order.indexOf(2)).toBeGreaterThan(order.indexOf(16));
  });

  it('does not get rid of its debt by sending them one by one', () => {
    const { add, take } = aBatcher();
    add(many(3, costly, 10), 'small');
    add([largest(0)], 'large');
    expect([take(), take()]).toEqual([[10], [0]].map((ids) => expect.arrayContaining(ids) as number[]));
    add([largest(1)], 'large');
    expect(take()).toEqual([11, 12]);
    expect(take()).toEqual([1]);
  });
});

describe('a replica that decodes a costly picture', () => {
  it('gets and answers texts and other pictures meanwhile, and no second costly batch', async () => {
    const { pool, first } = await aPool();
    const slow = outcomeOf(pool.submit([largest(1), largest(2)], aContext('large')));
    expect(first.ids).toEqual([1]);
    const held = first.batches.shift();

    for (let id = 10; id < 15; id += 1) {
      const text = outcomeOf(pool.submit([aText(id)], aContext('good')));
      expect(first.ids).toEqual([id]);
      first.answer();
      expect(await text).toEqual([id]);
    }
    const picture = outcomeOf(pool.submit([anImage(20)], aContext('good')));
    first.answer();
    expect(await picture).toEqual([20]);
    expect(first.batches).toEqual([]);

    if (held) first.batches.push(held);
    first.answerBeside();
    expect(first.ids).toEqual([2]);
    first.answerBeside();
    expect(await slow).toEqual([1, 2]);
  });

  it('has more time for it than for a run, and is taken for hung after that, whatever else it answers', async () => {
    const { pool, first, links, clock } = await aPool({ runMsMax: 1_000 });
    void outcomeOf(pool.submit([largest(1)], aContext('large')));
    const held = first.batches.shift();
    expect(held?.items.map(idOf)).toEqual([1]);

    for (let second = 0; second < 19; second += 1) {
      clock.advance(1_000);
      first.pong();
      void pool.submit([aText(100 + second)], aContext('good'));
      first.answer();
    }
    expect(first.isOver).toBe(false);

    clock.advance(2_000);
    await flush();
    expect(first.isOver).toBe(true);
    expect(links.length).toBeGreaterThanOrEqual(1);
  });

  it('leaves it to another when it dies, once, alone', async () => {
    const { pool, clock, first, last } = await aPool();
    const call = outcomeOf(pool.submit([largest(1)], aContext()));
    first.die();
    clock.advance(100);
    last().ready();
    expect(last().ids).toEqual([1]);
    last().answerBeside();
    expect(await call).toEqual([1]);
  });
});
