import { ManualClock, type EncodeItem, type Priority } from '#core';
import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { Batcher } from './batcher.js';
import { ItemQueue } from './queue.js';
import { Submission } from './submission.js';
import { SeededRandom } from '../testing/random.js';
import { aContext, anImage, aPngHead, idOf, texts } from '../testing/builders.js';

function aBatcher({ itemsMax = 4, bytesMax = 1_000 } = {}) {
  const queue = new ItemQueue('a-model', { itemsMax: 100_000, bytesMax: 1e8 }, () => 0);
  const clock = new ManualClock();
  const batcher = new Batcher(queue, { itemsMax, bytesMax }, clock);
  const add = (items: EncodeItem[], principal = 'anyone', priority: Priority = 'interactive') => {
    queue.add(new Submission(items, { ...aContext(principal), priority }, 0));
    batcher.noteArrival();
  };
  return { batcher, add, clock };
}

function images(count: number, from: number): EncodeItem[] {
  return Array.from({ length: count }, (_, n) => anImage(from + n));
}

function idsOf(batch: Batch | undefined): number[] | undefined {
  return batch?.items.map((queued) => idOf(queued.item));
}

describe('Batcher', () => {
  it('gives an idle replica what waits, at once, even a single item', () => {
    const { batcher, add } = aBatcher();
    add(texts(1));
    expect(idsOf(batcher.nextBatch(0))).toEqual([0]);
    expect(batcher.nextBatch(0)).toBeUndefined();
  });

  it('never exceeds the items of a batch', () => {
    const { batcher, add } = aBatcher({ itemsMax: 4 });
    add(texts(10));
    expect(
      [batcher.nextBatch(0), batcher.nextBatch(0), batcher.nextBatch(0)].map((batch) => batch?.items.length),
    ).toEqual([4, 4, 2]);
  });

  it('lets items of several callers ride together', () => {
    const { batcher, add } = aBatcher();
    add(texts(1, 1), 'a');
    add(texts(1, 2), 'b');
    expect(idsOf(batcher.nextBatch(0))).toEqual([1, 2]);
  });

  it('never exceeds the bytes of a batch, but sends an item that does so alone', () => {
    const { batcher, add } = aBatcher({ bytesMax: 1_000 });
    add([anImage(1, 600), anImage(2, 600), anImage(3, 5_000)]);
    expect([batcher.nextBatch(0), batcher.nextBatch(0), batcher.nextBatch(0)].map(idsOf)).toEqual([[1], [2], [3]]);
  });

  it('takes no more than 8 MiB of texts at a time, since they are made bytes of in one go', () => {
    const { batcher, add } = aBatcher({ itemsMax: 32, bytesMax: 64 * 1024 * 1024 });
    const longTexts = Array.from({ length: 10 }, (): EncodeItem => ({
      kind: 'text',
      text: 'x'.repeat(2 * 1024 * 1024),
    }));
    add(longTexts);
    expect(
      [batcher.nextBatch(0), batcher.nextBatch(0), batcher.nextBatch(0)].map((batch) => batch?.items.length),
    ).toEqual([4, 4, 2]);
  });

  it('keeps texts and images apart', () => {
    const { batcher, add } = aBatcher();
    add([...texts(1, 1), anImage(2)]);
    expect([batcher.nextBatch(0), batcher.nextBatch(0)].map((batch) => [batch?.tower, idsOf(batch)])).toEqual([
      ['textual', [1]],
      ['visual', [2]],
    ]);
  });

  it('serves the modality that began to wait first', () => {
    const { batcher, add } = aBatcher();
    add(images(1, 1));
    add(texts(1, 2));
    expect(batcher.nextBatch(0)?.tower).toBe('visual');
  });

  it('lets neither modality starve behind a mass of the other that came before', () => {
    const { batcher, add } = aBatcher({ itemsMax: 2 });
    add(texts(20));
    add(images(4, 100));
    expect(Array.from({ length: 5 }, () => batcher.nextBatch(0)?.tower)).toEqual([
      'textual',
      'visual',
      'textual',
      'visual',
      'textual',
    ]);
  });

  it('gives a busy replica its next batch only when that is as large as what it holds', () => {
    const { batcher, add } = aBatcher({ itemsMax: 4 });
    add(texts(2));
    expect(batcher.nextBatch(3)).toBeUndefined();
    add(texts(1, 2));
    expect(idsOf(batcher.nextBatch(3))).toHaveLength(3);
  });

  it('fills batches with bulk work while nobody waits for anything', () => {
    const { batcher, add } = aBatcher({ itemsMax: 16 });
    add(texts(32), 'anyone', 'bulk');
    expect(batcher.nextBatch(0)?.items).toHaveLength(16);
  });

  it('lets interactive batches pass bulk ones, which are short, but for every fourth batch', () => {
    const { batcher, add } = aBatcher({ itemsMax: 16 });
    add(texts(30), 'anyone', 'bulk');
    add(texts(30, 100));
    add(texts(25, 200));
    const batches = Array.from({ length: 6 }, () => idsOf(batcher.nextBatch(0)) ?? []);
    expect(batches.map(([first = 0, ...rest]) => [first >= 100 ? 'interactive' : 'bulk', rest.length + 1])).toEqual([
      ['interactive', 16],
      ['interactive', 16],
      ['interactive', 16],
      ['bulk', 1],
      ['interactive', 7],
      ['bulk', 1],
    ]);
  });

  it('fills bulk batches again a second after the last interactive caller came', () => {
    const { batcher, add, clock } = aBatcher({ itemsMax: 16 });
    add(texts(100), 'anyone', 'bulk');
    add(texts(1, 200));
    batcher.nextBatch(0);
    clock.advance(1_000);
    expect(batcher.nextBatch(0)?.items).toHaveLength(1);
    clock.advance(1);
    expect(batcher.nextBatch(0)?.items).toHaveLength(16);
  });

  it('binds no bulk work early while interactive callers come: the next of them would wait for it too', () => {
    const { batcher, add, clock } = aBatcher({ itemsMax: 16 });
    add(texts(100), 'anyone', 'bulk');
    add(texts(2, 200));
    expect(idsOf(batcher.nextBatch(2))).toEqual([200, 201]);
    expect(batcher.nextBatch(2)).toBeUndefined();
    clock.advance(1_001);
    expect(batcher.nextBatch(2)?.items).toHaveLength(16);
  });

  it.each(Array.from({ length: 20 }, (_, n) => n + 1))('starves nobody, in any order of arrivals (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const { batcher, add } = aBatcher({ itemsMax: 8 });
    const principals = ['a', 'b', 'c'];
    for (const principal of principals) add(texts(2_000), principal, 'bulk');
    const passed = new Map(principals.map((principal) => [principal, 0]));
    for (let turn = 0; turn < 1_000; turn += 1) {
      if (random.chance(0.7)) add(texts(random.between(1, 20)), principals[random.between(0, 2)]);
      const { items = [] } = batcher.nextBatch(0) ?? {};
      for (const [principal, batches] of passed) passed.set(principal, batches + 1);
      for (const { submission } of items) if (submission.priority === 'bulk') passed.set(submission.principalId, 0);
      expect(Math.max(...passed.values())).toBeLessThanOrEqual(4 * principals.length);
    }
  });

  it('gives a replica no more than it is able to do, and one that is busy its next batch when that is full by this', () => {
    const { batcher, add } = aBatcher({ itemsMax: 16 });
    add(texts(5));
    expect(batcher.nextBatch(0, () => 2)?.items).toHaveLength(2);
    expect(batcher.nextBatch(8, () => 2)?.items).toHaveLength(2);
    expect(batcher.nextBatch(8, () => 2)).toBeUndefined();
  });

  it('asks for the tower whose turn it is what a replica is able to do', () => {
    const { batcher, add } = aBatcher({ itemsMax: 16 });
    add([...images(4, 1), ...texts(4)]);
    const ableOf = (tower: string) => (tower === 'visual' ? 1 : 3);
    const sizes = [batcher.nextBatch(0, ableOf), batcher.nextBatch(0, ableOf)].map((batch) => [
      batch?.tower,
      batch?.items.length,
    ]);
    expect(Object.fromEntries(sizes)).toEqual({ visual: 1, textual: 3 });
  });

  it('gives a busy replica a full batch, by items or by bytes', () => {
    const { batcher, add } = aBatcher({ itemsMax: 4, bytesMax: 1_000 });
    add(texts(4));
    expect(idsOf(batcher.nextBatch(8))).toHaveLength(4);
    add([anImage(1, 1_000)]);
    expect(idsOf(batcher.nextBatch(8))).toHaveLength(1);
  });

  it.each([
    ['idle_replica', 'what waits, for a replica that holds nothing', texts(2), 0],
    ['waited', 'as many as a busy replica holds', texts(2), 2],
    ['full', 'as many items as it may have', texts(4), 2],
    ['full', 'as many bytes as it may have', [anImage(1, 1_000)], 2],
    ['full', 'so many bytes that the next item goes beyond', [anImage(1, 600), anImage(2, 600)], 1],
    ['full', 'as many items as it may have, for a replica that holds nothing', texts(5), 0],
    ['costly', 'pictures that take long, beside others', [aPngHead(1, 8_000, 8_000)], 2],
  ] as const)('says that it left as %s: %s', (reason, _, items, held) => {
    const { batcher, add } = aBatcher({ itemsMax: 4, bytesMax: 1_000 });
    add([...items]);
    expect(batcher.nextBatch(held)).toMatchObject({ reason, itemsMax: 4 });
  });

  it('says how many items it could have had, where that was less than usual', () => {
    const { batcher, add } = aBatcher({ itemsMax: 16 });
    add(texts(30), 'anyone', 'bulk');
    expect(batcher.nextBatch(0, () => 3)).toMatchObject({ itemsMax: 3, reason: 'full' });
    add(texts(1));
    batcher.nextBatch(0);
    expect(batcher.nextBatch(0)).toMatchObject({ itemsMax: 1, reason: 'full' });
  });

  it('sends again what a replica died with, one at a time', () => {
    const { batcher, add } = aBatcher();
    add(texts(2));
    const lost = batcher.nextBatch(0);
    const again = lost && batcher.retry(lost, lost.items.slice(0, 1), 1);
    expect(again).toMatchObject({ reason: 'retry', itemsMax: 1, deaths: 1 });
  });
});
