import { ManualClock, releaseMemory } from '#core';
import { expect, it } from 'vitest';
import { BatchNotes } from './batch-notes.js';
import { Submission } from '../scheduling/submission.js';
import { aTracedContext, flush, texts } from '../testing/builders.js';

const placement = { replica: 'scripted/0', device: 'cpu', provider: 'cpu', threads: 1 } as const;
const facts = { tower: 'textual', workClass: 'textual', reason: 'full', itemsMax: 2, deaths: 0 } as const;

/** Requests of two items, each of which shares a batch with the one before and the next with the one after. */
function aChain(length: number) {
  const notes = new BatchNotes('scripted', new ManualClock());
  const clear = (call: Submission) => call.trace?.clear();
  let before = new Submission(texts(2), aTracedContext(), 0);
  const firstTrace = new WeakRef<object>(before.trace ?? {});
  let firstBatch: WeakRef<object> | undefined;
  for (let n = 0; n < length; n += 1) {
    const next = new Submission(texts(2), aTracedContext(), 0);
    const batch = { ...facts, id: n, items: [...before.items.slice(1), ...next.items.slice(0, 1)], dequeuedAtMs: 0 };
    notes.lost(placement, [batch]);
    firstBatch ??= new WeakRef(next.trace?.rides[0]?.batch ?? {});
    clear(before);
    before = next;
  }
  return { last: before, firstTrace, firstBatch };
}

it('a request that runs keeps none alive but those that shared a batch with it', async () => {
  const { last, firstTrace, firstBatch } = aChain(20_000);
  await flush();
  releaseMemory();
  expect(last.trace?.rides.map(({ batch }) => batch.riders.length)).toEqual([2]);
  expect(firstTrace.deref()).toBeUndefined();
  expect(firstBatch?.deref()).toBeUndefined();
});
