import { describe, expect, it } from 'vitest';
import { RequestTrace } from './trace.js';

function aTrace(): RequestTrace {
  return new RequestTrace({ traceId: 'a', spanId: 'b', sampled: true }, undefined, 'a-request');
}

describe('RequestTrace', () => {
  it('keeps the longest of too many parts: one picture of a thousand that came late is found', () => {
    const trace = aTrace();
    for (let n = 0; n < 1_000; n += 1)
      trace.add({ name: 'fetch', startMs: 0, endMs: n === 700 ? 9_000 : 1 + n / 1_000 });
    expect(trace.parts).toHaveLength(128);
    expect(trace.dropped).toBe(872);
    expect(Math.max(...trace.parts.map(({ endMs }) => endMs))).toBe(9_000);
    expect(Math.min(...trace.parts.map(({ endMs }) => endMs))).toBeGreaterThan(1.8);
  });

  it('takes nothing in when its request has ended', () => {
    const trace = aTrace();
    trace.add({ name: 'fetch', startMs: 0, endMs: 1 });
    trace.clear();
    trace.add({ name: 'fetch', startMs: 0, endMs: 1 });
    expect(trace.parts).toEqual([]);
  });
});
