import { describe, expect, it } from 'vitest';
import { criticalPath, timeOnPath } from './critical-path.js';
import { buildSpan as span } from './testing/builders.js';

const path = (...spans: Parameters<typeof criticalPath>[0]) =>
  criticalPath(spans).map(({ spanId, startMs, endMs }) => `${spanId} ${startMs}-${endMs}`);

describe('the critical path', () => {
  it('of a request without parts is the request', () => {
    expect(path(span('root', 0, 10))).toEqual(['root 0-10']);
    expect(path()).toEqual([]);
  });

  it('goes through parts that follow each other, and through the request between them', () => {
    expect(path(span('root', 0, 100), span('queue', 10, 40), span('run', 40, 90))).toEqual([
      ...['root 0-10', 'queue 10-40', 'run 40-90', 'root 90-100'],
    ]);
  });

  it('of parts at the same time goes through the one that ends last', () => {
    expect(path(span('root', 0, 100), span('short', 0, 40), span('long', 0, 95))).toEqual(['long 0-95', 'root 95-100']);
    expect(path(span('root', 0, 100), span('early', 0, 60), span('late', 50, 100))).toEqual([
      'early 0-50',
      'late 50-100',
    ]);
  });

  it('goes into children of children', () => {
    const deep = span('deep', 20, 30, { parentSpanId: 'fetch' });
    expect(path(span('root', 0, 40), span('fetch', 10, 40), deep)).toEqual([
      ...['root 0-10', 'fetch 10-20', 'deep 20-30', 'fetch 30-40'],
    ]);
  });

  it('takes what has no known parent for a part of the request, and cuts what leaves it', () => {
    expect(path(span('root', 10, 20), span('odd', 5, 15, { parentSpanId: 'nobody' }))).toEqual([
      'odd 10-15',
      'root 15-20',
    ]);
    expect(path(span('root', 10, 20), span('after', 25, 30))).toEqual(['root 10-20']);
  });

  it('ends when spans are each the parent of the other', () => {
    const [a, b] = [span('a', 0, 10, { parentSpanId: 'b' }), span('b', 0, 10, { parentSpanId: 'a' })];
    expect(path(span('root', 0, 10), a, b)).toEqual(['root 0-10']);
  });

  it('sums up to the time of the request', () => {
    const spans = [span('root', 0, 100), span('a', 5, 60), span('b', 50, 80), span('c', 79, 99)];
    const times = timeOnPath(criticalPath(spans));
    expect([...times.values()].reduce((sum, ms) => sum + ms, 0)).toBe(100);
    expect(times.get('a')).toBe(45);
  });
});
