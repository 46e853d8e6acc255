import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import type { SpanRecord, TraceRecord } from './records.js';
import { SpanQueue } from './span-queue.js';

/** A trace of `count` spans; of a record, only those matter here. */
const traceOf = (count: number, name = 'span'): TraceRecord =>
  ({ spans: Array.from({ length: count }, (_, at) => ({ name: `${name} ${at}` })) }) as unknown as TraceRecord;

/** A queue whose collector answers when `answer` is called. */
function queued(options: { queueMax?: number; batchMax?: number } = {}) {
  const clock = new ManualClock();
  const sent: (readonly SpanRecord[])[] = [];
  const states: unknown[] = [];
  let dropped = 0;
  const answers: { resolve: () => void; reject: (err: unknown) => void }[] = [];
  const queue = new SpanQueue({
    clock,
    queueMax: 10,
    batchMax: 4,
    delayMs: 1_000,
    timeoutMs: 30_000,
    ...options,
    send: (spans) => {
      sent.push(spans);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    onDropped: (spans) => (dropped += spans),
    onState: (err) => states.push(err),
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (err?: unknown) => {
    await turn();
    for (const { resolve, reject } of answers.splice(0)) {
      if (err === undefined) resolve();
      else reject(err);
    }
    await turn();
  };
  return { clock, queue, sent, states, turn, answer, dropped: () => dropped, sizes: () => sent.map((s) => s.length) };
}

describe('SpanQueue', () => {
  it('waits for a batch to fill, for a time', async () => {
    const { clock, queue, turn, sizes } = queued();
    queue.onTrace(traceOf(2));
    clock.advance(999);
    await turn();
    expect(sizes()).toEqual([]);
    clock.advance(1);
    await turn();
    expect(sizes()).toEqual([2]);
  });

  it('sends a full batch at once, but not in the turn of the request, and one at a time', async () => {
    const { queue, turn, answer, sizes } = queued();
    queue.onTrace(traceOf(9));
    expect(sizes()).toEqual([]);
    await turn();
    expect(sizes()).toEqual([4]);
    await answer();
    await answer();
    expect(sizes()).toEqual([4, 4]);
  });

  it('holds so many spans while the collector does not answer, and counts what is beyond', async () => {
    const { queue, turn, answer, sizes, dropped } = queued();
    queue.onTrace(traceOf(4));
    await turn();
    for (let at = 0; at < 6; at++) queue.onTrace(traceOf(3));
    expect(dropped()).toBe(9);
    await answer();
    await answer();
    await answer();
    expect(sizes()).toEqual([4, 4, 4]);
  });

  it('counts the spans of a batch that was not taken, goes on with the next, and tells once', async () => {
    const { queue, answer, sizes, states, dropped } = queued();
    queue.onTrace(traceOf(8));
    const away = new Error('no collector');
    await answer(away);
    await answer(away);
    expect([sizes(), dropped(), states]).toEqual([[4, 4], 8, [away]]);
    queue.onTrace(traceOf(4));
    await answer();
    expect(states).toEqual([away, undefined]);
  });

  it('gives a batch up that is not answered in time', async () => {
    const { clock, queue, turn, dropped } = queued();
    queue.onTrace(traceOf(4));
    await turn();
    clock.advance(30_000);
    await turn();
    expect(dropped()).toBe(4);
  });

  it('sends what waits before it ends', async () => {
    const { queue, answer, sizes, dropped } = queued();
    queue.onTrace(traceOf(3));
    const closed = queue.close(2_000);
    await answer();
    await closed;
    queue.onTrace(traceOf(1));
    expect([sizes(), dropped()]).toEqual([[3], 1]);
  });

  it('ends in time though the collector does not answer, and counts what is left', async () => {
    const { clock, queue, turn, dropped } = queued();
    queue.onTrace(traceOf(8));
    await turn();
    const closed = queue.close(2_000);
    clock.advance(2_000);
    await closed;
    expect(dropped()).toBe(8);
  });
});
