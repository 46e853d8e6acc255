import { describe, expect, it } from 'vitest';
import type { EncodeItem, Priority } from '#core';
import { ItemQueue } from './queue.js';
import { Submission } from './submission.js';
import { aContext, anImage, aText, idOf, texts } from '../testing/builders.js';

function aQueue({ itemsMax = 1_000, bytesMax = 1e9 } = {}): ItemQueue {
  return new ItemQueue('a-model', { itemsMax, bytesMax }, (itemsAhead) => itemsAhead * 10);
}

function aCall(items: EncodeItem[], principal = 'anyone', atMs = 0): Submission {
  return new Submission(items, aContext(principal), atMs);
}

function aBulkCall(items: EncodeItem[], principal = 'anyone'): Submission {
  return new Submission(items, { ...aContext(principal), priority: 'bulk' }, 0);
}

/** All texts that wait with this priority, in their order. */
function dequeueAll(queue: ItemQueue, priority: Priority = 'interactive'): number[] {
  const waiting = queue.waiting.textual[priority];
  const taken: number[] = [];
  for (let next = waiting.dequeue(); next; next = waiting.dequeue()) taken.push(idOf(next.item));
  return taken;
}

describe('ItemQueue', () => {
  it('serves the calls of one principal in the order in which they came', () => {
    const queue = aQueue();
    queue.add(aCall([aText(1), aText(2)]));
    queue.add(aCall([aText(3)]));
    expect(dequeueAll(queue)).toEqual([1, 2, 3]);
  });

  it('gives principals turns, one item each, however much one of them sent', () => {
    const queue = aQueue();
    queue.add(aCall(texts(4, 10), 'bulk'));
    queue.add(aCall([aText(20)], 'second'));
    queue.add(aCall(texts(2, 30), 'third'));
    expect(dequeueAll(queue)).toEqual([10, 20, 30, 11, 31, 12, 13]);
  });

  it('gives a principal that comes back its turn after those who wait', () => {
    const queue = aQueue();
    queue.add(aCall(texts(2, 10), 'bulk'));
    queue.add(aCall([aText(20)], 'other'));
    queue.waiting.textual.interactive.dequeue();
    queue.waiting.textual.interactive.dequeue();
    queue.add(aCall([aText(21)], 'other'));
    expect(dequeueAll(queue)).toEqual([11, 21]);
  });

  it('keeps interactive and bulk calls apart', () => {
    const queue = aQueue();
    queue.add(aBulkCall(texts(2)));
    queue.add(aCall(texts(2, 100)));
    expect([dequeueAll(queue), dequeueAll(queue, 'bulk')]).toEqual([
      [100, 101],
      [0, 1],
    ]);
  });

  it('takes a call of very many items for bulk work, whatever it says of itself', () => {
    const queue = aQueue();
    queue.add(aCall(texts(33)));
    queue.add(aCall([aText(900)]));
    expect(dequeueAll(queue)).toEqual([900]);
    expect(dequeueAll(queue, 'bulk')).toHaveLength(33);
  });

  it('lets short texts of one call ride together', () => {
    const queue = aQueue();
    queue.add(aCall([aText(1000), aText(1), aText(2000), aText(2)]));
    expect(dequeueAll(queue)).toEqual([1, 2, 1000, 2000]);
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
    queue.waiting.textual.interactive.dequeue();

    queue.remove(gone);

    expect(queue.size).toBe(1);
    expect(dequeueAll(queue)).toEqual([9]);
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
    expect(dequeueAll(queue)).toHaveLength(50_000);
    expect(queue.size).toBe(0);
  });
});
