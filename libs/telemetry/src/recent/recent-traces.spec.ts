import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { buildBatch, buildSpan, buildTrace, TRACED_AT_MS } from '../../../../test/support/traces.js';
import type { TraceRecord } from '../tracing/records.js';
import { RecentTraces } from './recent-traces.js';
import { positionOf } from './trace-query.js';
import { FAILED } from './trace-terms.js';

const MIB = 1024 * 1024;

function tracesWith(records: readonly TraceRecord[]): RecentTraces {
  const traces = new RecentTraces({ countMax: 1000, bytesMax: 16 * MIB });
  for (const record of records) traces.onTrace(record);
  return traces;
}

describe('recent traces', () => {
  it('gives a request back as it was, its begin in whole milliseconds and the rest to the microsecond', () => {
    const record = buildTrace({ startedAtMs: TRACED_AT_MS, durationMs: 1.2345678 });
    const [read] = tracesWith([record]).read({ requestId: record.requestId, limit: 10 });
    expect({ ...read, spans: [] }).toEqual({ ...record, durationMs: 1.235, spans: [] });
    expect(read!.spans.slice(1)).toEqual(record.spans.slice(1));
  });

  it('gives a batch back with its riders and spans', () => {
    const traces = tracesWith([]);
    const batch = buildBatch([buildTrace(), buildTrace()]);
    traces.onBatch(batch);
    expect(traces.batch(batch.batchId)).toEqual(batch);
    expect(traces.batch('nosuch')).toBeUndefined();
  });

  const slow = buildTrace({ durationMs: 900, startedAtMs: TRACED_AT_MS + 1 });
  const failed = buildTrace({ outcome: 'queue_full', protocol: 'grpc', startedAtMs: TRACED_AT_MS + 2 });
  const other = buildTrace({ model: 'other', operation: 'rank', startedAtMs: TRACED_AT_MS + 3 });
  const theirs = buildTrace({ principalId: 'token-2', startedAtMs: TRACED_AT_MS + 4 });
  const all = [slow, failed, other, theirs];

  it.each([
    ['model', { model: 'other' }, [other]],
    ['operation', { operation: 'rank' }, [other]],
    ['protocol', { protocol: 'grpc' }, [failed]],
    ['outcome', { outcome: 'queue_full' }, [failed]],
    ['any outcome but ok', { outcome: FAILED }, [failed]],
    ['principal', { principalIds: ['token-2'] }, [theirs]],
    ['no principal', { principalIds: [] }, []],
    ['request id', { requestId: slow.requestId }, [slow]],
    ['trace id', { traceIds: [other.traceId] }, [other]],
    ['slower than', { slowerThanMs: 899.9 }, [slow]],
    ['slower than what took as long', { slowerThanMs: 900 }, []],
    ['begin and end', { fromMs: TRACED_AT_MS + 2, toMs: TRACED_AT_MS + 4 }, [other, failed]],
    ['nothing', {}, [theirs, other, failed, slow]],
    ['several at once', { outcome: 'ok', principalIds: ['token-1'], slowerThanMs: 1 }, [other, slow]],
  ])('are found by %s, the newest first', (_, query, expected) => {
    const found = tracesWith(all).search({ ...query, limit: 10 });
    expect(found.map(({ traceId }) => traceId)).toEqual(expected.map(({ traceId }) => traceId));
  });

  it('are read page by page, each request once, also when many began in the same millisecond', () => {
    const records = Array.from({ length: 10 }, () => buildTrace());
    const traces = tracesWith(records);
    const read: string[] = [];
    for (let after: ReturnType<typeof positionOf> | undefined; ;) {
      const page = traces.search({ after, limit: 3 });
      read.push(...page.map(({ traceId }) => traceId));
      const last = page.at(-1);
      if (!last) break;
      after = positionOf(last);
    }
    expect(read.toSorted()).toEqual(records.map(({ traceId }) => traceId).toSorted());
  });

  it('let the oldest go, count what went, and stay within their limits for 100,000 requests', () => {
    let dropped = 0;
    const traces = new RecentTraces({ countMax: 2000, bytesMax: 4 * MIB, onDropped: () => (dropped += 1) });
    const [trace, batch] = [buildTrace(), buildBatch()];
    let most = 0;
    for (let at = 0; at < 100_000; at += 1) {
      const ids = { traceId: at.toString(16).padStart(32, '0'), startedAtMs: TRACED_AT_MS + at };
      traces.onTrace({ ...trace, ...ids });
      if (at % 2 === 0) traces.onBatch({ ...batch, batchId: ids.traceId });
      most = Math.max(most, traces.held.bytes);
    }
    const { requests, batches } = traces.held;
    expect(most).toBeLessThanOrEqual(4 * MIB);
    expect(requests).toBeLessThanOrEqual(2000);
    expect(requests + batches + dropped).toBe(150_000);
    const [newest] = traces.search({ limit: 1 });
    expect(newest).toMatchObject({ startedAtMs: TRACED_AT_MS + 99_999 });
    expect(traces.search({ limit: 100_000 }).at(-1)).toMatchObject({ startedAtMs: TRACED_AT_MS + 100_000 - requests });
  });

  it('hold nothing of a request that is larger than all of their room, and count it', () => {
    let dropped = 0;
    const traces = new RecentTraces({ countMax: 10, bytesMax: 20_000, onDropped: () => (dropped += 1) });
    const small = buildTrace();
    traces.onTrace(small);
    traces.onTrace(buildTrace({ spans: Array.from({ length: 200 }, () => buildSpan()) }));
    expect([traces.held.requests, dropped]).toEqual([1, 1]);
  });

  it('estimate their memory right within a third, and keep nothing else alive', () => {
    const before = heapUsed();
    const traces = new RecentTraces({ countMax: 4000, bytesMax: 64 * MIB });
    for (let at = 0; at < 4000; at += 1) {
      const riders = [buildTrace(), buildTrace()];
      traces.onTrace(riders[0]!);
      if (at % 2 === 0) traces.onBatch(buildBatch(riders));
    }
    const factor = (heapUsed() - before) / traces.held.bytes;
    expect(traces.held.requests).toBe(4000);
    expect(factor).toBeGreaterThan(3 / 4);
    expect(factor).toBeLessThan(4 / 3);
  });
});

/** After a whole collection, so that only what is reachable counts. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
