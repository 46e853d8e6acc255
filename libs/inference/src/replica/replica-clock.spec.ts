import { describe, expect, it } from 'vitest';
import type { Interval } from '#core';
import { ReplicaClock } from './replica-clock.js';
import { SeededRandom } from '../testing/random.js';

function from(startMs: number, endMs: number): Interval {
  return { startMs, endMs };
}

describe('ReplicaClock', () => {
  it('finds where the replica worked between sending and receipt, whatever its clock began with', () => {
    const times = { prepare: from(1_000_000, 1_000_003), run: from(1_000_003, 1_000_008) };
    const inPool = { prepare: from(51, 54), run: from(54, 59) };
    expect(new ReplicaClock().toPool(times, from(50, 60))).toEqual(inPool);
  });

  it('uses what earlier answers taught it: a batch that waited in the socket is not shown too early', () => {
    const clock = new ReplicaClock();
    clock.toPool({ prepare: from(0, 1), run: from(1, 2) }, from(100, 102));
    const late = clock.toPool({ prepare: from(80, 81), run: from(81, 82) }, from(110, 182));
    expect(late).toEqual({ prepare: from(180, 181), run: from(181, 182) });
  });

  it.each([1, 2, 3, 4, 5])('errs by no more than the fastest transport, after many answers (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const [clock, offsetMs] = [new ReplicaClock(), random.between(-1e9, 1e9)];
    let worstMs = 0;
    for (let n = 0; n < 200; n += 1) {
      const sentMs = n * 100;
      const startMs = sentMs + random.between(1, 30);
      const endMs = startMs + random.between(2, 30);
      const onReplica = {
        prepare: from(startMs - offsetMs, startMs + 1 - offsetMs),
        run: from(startMs + 1 - offsetMs, endMs - offsetMs),
      };
      const found = clock.toPool(onReplica, from(sentMs, endMs + random.between(1, 30)));
      if (n >= 100) worstMs = Math.max(worstMs, Math.abs(found.prepare.startMs - startMs));
    }
    expect(worstMs).toBeLessThanOrEqual(1);
  });

  it.each([0.5, 0.999, 1.001, 2])(
    'stays between sending and receipt, in order, with a clock that runs %f times as fast',
    (rate) => {
      const clock = new ReplicaClock();
      for (let sentMs = 0; sentMs < 1e6; sentMs += 10_007) {
        const at = (ms: number) => 5_000 + (sentMs + ms) * rate;
        const times = { prepare: from(at(1), at(40)), run: from(at(50), at(99)) };
        const { prepare, run } = clock.toPool(times, from(sentMs, sentMs + 100));
        const inOrder = [sentMs, prepare.startMs, prepare.endMs, run.startMs, run.endMs, sentMs + 100];
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
      }
    },
  );

  it('cuts work that took longer than there was time for', () => {
    const times = { prepare: from(0, 10), run: from(10, 400) };
    const { prepare, run } = new ReplicaClock().toPool(times, from(0, 100));
    expect([prepare.startMs, run.endMs]).toEqual([0, 100]);
    expect(run.startMs).toBeGreaterThanOrEqual(prepare.endMs);
  });
});
