import { describe, expect, it } from 'vitest';
import { DomainError, ManualClock } from '#core';
import { buildBatch, buildTrace } from '../../../../test/support/traces.js';
import { TraceWriter } from './trace-writer.js';

/** A writer over a database that fails, hangs or notes what it gets. */
function writerOver(write: (traces: number, batches: number) => Promise<void>) {
  const clock = new ManualClock();
  let dropped = 0;
  const writer = new TraceWriter({
    store: { write: (traces, batches) => write(traces.length, batches.length), announce: async () => undefined },
    clock,
    onDropped: () => (dropped += 1),
  });
  writer.start();
  const tick = async (): Promise<void> => {
    clock.advance(500);
    await writer.settled();
  };
  return { writer, clock, tick, dropped: () => dropped };
}

const unreachable = () => Promise.reject(new DomainError('unavailable', 'The database cannot be reached.'));

describe('the writer of traces', () => {
  it('writes twice a second, some records at a time', async () => {
    const writes: number[] = [];
    const { writer, tick, dropped } = writerOver(async (traces, batches) => void writes.push(traces + batches));
    for (let at = 0; at < 60; at += 1) writer.onTrace(buildTrace());
    for (let at = 0; at < 60; at += 1) writer.onBatch(buildBatch());
    expect(writes).toEqual([]);
    await tick();
    expect(writes).toEqual([20, 20, 20, 20, 20, 20]);
    await tick();
    expect([writes.length, dropped()]).toEqual([6, 0]);
  });

  it('holds what comes while the database cannot be reached, up to a bound, counts the rest, and goes on', async () => {
    let isUp = false;
    let written = 0;
    const { writer, tick, dropped } = writerOver(async (traces) => {
      if (!isUp) return unreachable();
      written += traces;
    });
    const trace = buildTrace();
    for (let at = 0; at < 2_500; at += 1) writer.onTrace(trace);
    await tick();
    expect([written, dropped()]).toEqual([0, 500]);
    isUp = true;
    await tick();
    expect([written, dropped()]).toEqual([2_000, 500]);
    writer.onTrace(trace);
    await tick();
    expect(written).toBe(2_001);
  });

  it('holds no more than some megabytes, however large the records are', () => {
    const { writer, dropped } = writerOver(unreachable);
    const spans = Array.from({ length: 100 }, () => buildTrace().spans).flat();
    for (let at = 0; at < 500; at += 1) writer.onTrace(buildTrace({ spans }));
    expect(dropped()).toBeGreaterThan(0);
    expect(dropped()).toBeLessThan(500);
  });

  it('keeps nobody waiting for a database that does not answer', async () => {
    const answer = Promise.withResolvers<void>();
    let writes = 0;
    const { writer, clock, dropped } = writerOver(() => ((writes += 1), answer.promise));
    writer.onTrace(buildTrace());
    clock.advance(500);
    for (let at = 0; at < 3_000; at += 1) writer.onTrace(buildTrace({ spans: [] }));
    clock.advance(60_000);
    expect([writes, dropped()]).toEqual([1, 1_001]);
    answer.resolve();
    await writer.settled();
    expect(writes).toBe(101);
  });

  it('lets go of what the database refuses, so that the rest does not wait behind it', async () => {
    let isFirst = true;
    const written: number[] = [];
    const { writer, tick, dropped } = writerOver(async (traces) => {
      if (isFirst) {
        isFirst = false;
        throw new Error('value too long');
      }
      written.push(traces);
    });
    for (let at = 0; at < 60; at += 1) writer.onTrace(buildTrace());
    await tick();
    expect([written, dropped()]).toEqual([[20, 20], 20]);
  });

  it('writes what is left when it ends, and ends also when the database is gone', async () => {
    let written = 0;
    const { writer } = writerOver(async (traces) => void (written += traces));
    writer.onTrace(buildTrace());
    await writer.stop();
    expect(written).toBe(1);
    const gone = writerOver(unreachable);
    gone.writer.onTrace(buildTrace());
    await gone.writer.stop();
    expect(gone.dropped()).toBe(1);
  });

  it('ends soon also when the database does not answer', async () => {
    const { writer, clock, dropped } = writerOver(() => new Promise(() => undefined));
    writer.onTrace(buildTrace());
    const stopped = writer.stop();
    clock.advance(3_000);
    await stopped;
    expect(dropped()).toBe(1);
  });
});
