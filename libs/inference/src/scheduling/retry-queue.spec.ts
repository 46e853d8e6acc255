import { ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { Batcher } from './batcher.js';
import { ItemQueue } from './queue.js';
import { planRetries, RetryQueue } from './retry-queue.js';
import { Submission } from './submission.js';
import { aContext, idOf, texts } from '../testing/builders.js';

const clock = new ManualClock();
const batcher = new Batcher(
  new ItemQueue('m', { itemsMax: 1, bytesMax: 1 }, () => 0),
  { itemsMax: 8, bytesMax: 8 },
  clock,
);

function aBatch(items: number, deaths: number, signal?: AbortSignal): Batch {
  const submission = new Submission(texts(items), aContext('anyone', signal), 0);
  submission.watchAbort(() => undefined);
  submission.answer.catch(() => undefined);
  const facts = { tower: 'textual', workClass: 'textual', reason: 'full', itemsMax: 8 } as const;
  return { id: 1, ...facts, items: submission.items, dequeuedAtMs: 0, deaths };
}

function idsOf(batches: Batch[]): number[][] {
  return batches.map((batch) => batch.items.map((queued) => idOf(queued.item)));
}

describe('planRetries', () => {
  it('tries a batch again item by item after the first death', () => {
    const { again, poison } = planRetries(aBatch(4, 0), batcher);
    expect(idsOf(again)).toEqual([[0], [1], [2], [3]]);
    expect(again.map((batch) => batch.deaths)).toEqual([1, 1, 1, 1]);
    expect(poison).toBeUndefined();
  });

  it('calls a lone item poison after its second death, not after its first', () => {
    expect(planRetries(aBatch(1, 0), batcher).poison).toBeUndefined();
    const { again, poison } = planRetries(aBatch(1, 1), batcher);
    expect(again).toEqual([]);
    expect(poison?.index).toBe(0);
  });

  it('does not call poison who rode with another whose caller has gone since', () => {
    const caller = new AbortController();
    const [left, gone] = [aBatch(1, 1), aBatch(1, 1, caller.signal)];
    caller.abort();
    const { again, poison } = planRetries({ ...left, items: [...left.items, ...gone.items] }, batcher);
    expect(idsOf(again)).toEqual([[0]]);
    expect(poison).toBeUndefined();
  });

  it('drops items whose callers have gone', () => {
    const caller = new AbortController();
    const batch = aBatch(3, 1, caller.signal);
    caller.abort();
    expect(planRetries(batch, batcher)).toEqual({ again: [] });
  });
});

describe('RetryQueue', () => {
  it('tells whether anybody waits, and for what, without a change of its own', () => {
    const retries = new RetryQueue(batcher);
    const caller = new AbortController();
    retries.add(aBatch(2, 0, caller.signal));
    retries.add(aBatch(3, 0));
    caller.abort();
    for (const _ of [1, 2]) {
      expect(retries.isEmpty).toBe(false);
      expect(retries.first()?.items.map((queued) => idOf(queued.item))).toEqual([0]);
    }
    expect(retries.removeAll()).toHaveLength(5);
    expect(retries.isEmpty).toBe(true);
  });

  it('takes the first batch that somebody waits for, and drops those before it', () => {
    const retries = new RetryQueue(batcher);
    const caller = new AbortController();
    retries.add(aBatch(2, 0, caller.signal));
    retries.add(aBatch(3, 0));
    caller.abort();
    const taken = [retries.dequeue(), retries.dequeue(), retries.dequeue()];
    expect(taken.map((batch) => batch && idsOf([batch]))).toEqual([[[0]], [[1]], [[2]]]);
    expect(retries.dequeue()).toBeUndefined();
    expect(retries.removeAll()).toEqual([]);
  });
});
