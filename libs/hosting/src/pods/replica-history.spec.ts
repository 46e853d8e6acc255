import { expect, it } from 'vitest';
import { BatchTrace, ManualClock } from '#core';
import { ReplicaHistory } from './replica-history.js';

const BATCH = { model: 'm', replica: 'm/0', device: 'cpu', tower: 'textual', reason: 'full' } as const;
const TIMES = { failed: 0, queueMs: 1, prepareMs: 2, runMs: 3 };
const LINE = { level: 'warn', model: 'm', replica: 'm/0' } as const;

function aTrace(): BatchTrace {
  const whole = { startMs: 0, endMs: 1 };
  return new BatchTrace({ ...BATCH, items: 1, itemsMax: 8, bytes: 1, attempt: 1, whole });
}

it('has the last 20 batches and the last 30 lines of a replica, the newest first', () => {
  const clock = new ManualClock();
  const history = new ReplicaHistory(clock);
  for (let n = 1; n <= 40; n += 1) {
    clock.advance(1);
    history.onBatch({ ...BATCH, ...TIMES, size: n, itemsMax: 64, trace: undefined });
    history.onLine({ ...LINE, text: `line ${n}` });
  }
  const { runs, lines } = history.of('m/0');
  expect([runs.length, runs[0]?.items, runs[0]?.atMs, runs.at(-1)?.items]).toEqual([20, 40, 40, 21]);
  expect([lines.length, lines[0]?.text, lines.at(-1)?.text]).toEqual([30, 'line 40', 'line 11']);
  expect(history.of('m/1')).toEqual({ runs: [], lines: [] });
});

it('names a batch once its trace is kept, and not before', () => {
  const history = new ReplicaHistory(new ManualClock());
  const trace = aTrace();
  history.onBatch({ ...BATCH, ...TIMES, size: 1, itemsMax: 8, trace });
  expect(history.of('m/0').runs[0]?.batchId).toBeUndefined();
  trace.isRecorded = true;
  expect(history.of('m/0').runs[0]?.batchId).toBe(trace.context.traceId);
});

it('says which batch a replica died with, and forgets the replica that was heard of first when there are many', () => {
  const history = new ReplicaHistory(new ManualClock());
  history.onBatchLost({ model: 'm', replica: 'm/0', tower: 'visual', size: 3, verdict: 'again' });
  expect(history.of('m/0').runs).toMatchObject([{ items: 3, isLost: true, itemsMax: undefined }]);
  for (let n = 1; n <= 200; n += 1) history.onLine({ ...LINE, replica: `m/${n}`, text: 'x'.repeat(1_000) });
  expect(history.of('m/0').runs).toEqual([]);
  expect(history.of('m/200').lines[0]?.text).toHaveLength(300);
});
