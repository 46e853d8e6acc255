import { describe, expect, it } from 'vitest';
import type { EncodeItem } from '#core';
import { ItemQueue } from './queue.js';
import { Submission } from './submission.js';
import { SeededRandom } from './testing/random.js';
import { BULK_EVERY } from './tower-queue.js';
import { aContext, anImage, aText, idOf, texts } from './testing/builders.js';

function aQueue({ itemsMax = 1_000, bytesMax = 1e9 } = {}): ItemQueue {
  return new ItemQueue('a-model', { itemsMax, bytesMax }, (itemsAhead) => itemsAhead * 10);
}

function aCall(items: EncodeItem[], principal = 'anyone', atMs = 0): Submission {
  return new Submission(items, aContext(principal), atMs);
}

function aBulkCall(items: EncodeItem[], principal = 'anyone'): Submission {
  return new Submission(items, { ...aContext(principal), priority: 'bulk' }, 0);
}

function takeAll(queue: ItemQueue): number[] {
  const taken: number[] = [];
  for (let next = queue.towers.textual.take(); next; next = queue.towers.textual.take()) taken.push(idOf(next.item));
  return taken;
}

describe('ItemQueue', () => {
  it('serves the calls of one principal in the order in which they came', () => {
    const queue = aQueue();
    queue.add(aCall([aText(1), aText(2)]));
    queue.add(aCall([aText(3)]));
    expect(takeAll(queue)).toEqual([1, 2, 3]);
  });

  it('gives principals turns, one item each, however much one of them sent', () => {
    const queue = aQueue();
    queue.add(aCall(texts(4, 10), 'bulk'));
    queue.add(aCall([aText(20)], 'second'));
    queue.add(aCall(texts(2, 30), 'third'));
    expect(takeAll(queue)).toEqual([10, 20, 30, 11, 31, 12, 13]);
  });

  it('gives a principal that comes back its turn after those who wait', () => {
    const queue = aQueue();
    queue.add(aCall(texts(2, 10), 'bulk'));
    queue.add(aCall([aText(20)], 'other'));
    queue.towers.textual.take();
    queue.towers.textual.take();
    queue.add(aCall([aText(21)], 'other'));
    expect(takeAll(queue)).toEqual([11, 21]);
  });

  it('lets interactive calls of a principal pass its bulk calls, but for every fourth item: neither starves', () => {
    const queue = aQueue();
    queue.add(aBulkCall(texts(4)));
    queue.add(aCall(texts(7, 100)));
    expect(takeAll(queue)).toEqual([100, 101, 102, 0, 103, 104, 105, 1, 106, 2, 3]);
  });

  it('is as fair between principals as ever: priority counts among the calls of one', () => {
    const queue = aQueue();
    queue.add(aBulkCall(texts(3), 'a'));
    queue.add(aCall(texts(3, 10), 'b'));
    expect(takeAll(queue)).toEqual([0, 10, 1, 11, 2, 12]);
  });

  it('takes a call of very many items for bulk work, whatever it says of itself', () => {
    const queue = aQueue();
    queue.add(aCall(texts(33)));
    queue.add(aCall([aText(900)]));
    expect(queue.towers.textual.interactiveSize).toBe(1);
    expect(takeAll(queue)[0]).toBe(900);
  });

  it.each(Array.from({ length: 20 }, (_, n) => n + 1))('starves nobody, in any order of arrivals (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const queue = aQueue({ itemsMax: 100_000 });
    const passed = new Map<string, number>();
    const principals = ['a', 'b', 'c'];
    for (const principal of principals) queue.add(aBulkCall(texts(2_000), principal));
    for (let turn = 0; turn < 3_000; turn += 1) {
      const principal = principals[random.between(0, 2)];
      if (random.chance(0.7)) queue.add(aCall(texts(random.between(1, 3)), principal));
      const { submission } = queue.towers.textual.take() ?? {};
      for (const other of principals) passed.set(other, (passed.get(other) ?? 0) + 1);
      if (submission?.priority === 'bulk') passed.set(submission.principalId, 0);
      expect(Math.max(...passed.values())).toBeLessThanOrEqual(BULK_EVERY * principals.length);
    }
  });

  it('lets short texts of one call ride together', () => {
    const queue = aQueue();
    queue.add(aCall([aText(1000), aText(1), aText(2000), aText(2)]));
    expect(takeAll(queue)).toEqual([1, 2, 1000, 2000]);
  });

  it('refuses a call that does not fit, in whole, and says when to come back', () => {
    const queue = aQueue({ itemsMax: 5 });
    queue.add(aCall(texts(4)));
    expect(() => queue.add(aCall(texts(3)))).toThrow(expect.objectContaining({ code: 'queue_full', retryAfterMs: 20 }));
    expect(queue.size).toBe(4);
  });

  it('refuses by bytes too', () => {
    const queue = aQueue({ bytesMax: 1_000 });
    queue.add(aCall([anImage(1, 800)]));
    expect(() => queue.add(aCall([anImage(2, 400)]))).toThrow(expect.objectContaining({ code: 'queue_full' }));
  });

  it('gives no retry time to a call that is larger than the whole queue', () => {
    const queue = aQueue({ itemsMax: 5 });
    expect(() => queue.add(aCall(texts(6)))).toThrow(
      expect.objectContaining({
        code: 'queue_full',
        retryAfterMs: undefined,
        message: expect.stringContaining('5 items'),
      }),
    );
  });

  it('forgets what waits of a call and keeps its counts', () => {
    const queue = aQueue();
    const gone = aCall([...texts(3), anImage(7)], 'a');
    queue.add(gone);
    queue.add(aCall([aText(9)], 'b'));
    queue.towers.textual.take();

    queue.remove(gone);

    expect(queue.size).toBe(1);
    expect(takeAll(queue)).toEqual([9]);
    expect(queue.bytes).toBe(0);
  });

  it('knows how long the oldest waits', () => {
    const queue = aQueue();
    expect(queue.oldestAtMs).toBeUndefined();
    queue.add(aCall([anImage(1)], 'a', 5));
    queue.add(aCall([aText(2)], 'b', 8));
    expect(queue.oldestAtMs).toBe(5);
  });

  it('holds and empties 100,000 items of 10,000 principals, half of whom leave', () => {
    const queue = aQueue({ itemsMax: 200_000 });
    const calls = Array.from({ length: 10_000 }, (_, n) => aCall(texts(10, n * 10), `principal ${n}`));
    for (const call of calls) queue.add(call);
    for (const call of calls.filter((_, n) => n % 2 === 0)) queue.remove(call);
    expect(takeAll(queue)).toHaveLength(50_000);
    expect(queue.size).toBe(0);
  });
});
