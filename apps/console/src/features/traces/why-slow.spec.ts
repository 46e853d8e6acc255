import { describe, expect, it } from 'vitest';
import type { Batch } from './spans.js';
import { buildSpan as span } from './testing/builders.js';
import { whySlow } from './why-slow.js';

const root = span('root', 0, 1000);
const why = (part: ReturnType<typeof span>, batch?: Batch) => whySlow({ spans: [root, part] }, batch)?.sentence;
const run = (attributes: Record<string, string | number> = {}) =>
  span('run', 0, 900, {
    attributes: { 'clip.replica': 'm/0', 'clip.device': 'cpu', 'clip.items': 2, 'clip.batch.items': 8, ...attributes },
  });

/** A batch that was prepared and ran for so long. */
const batch = (prepareMs: number, runMs: number): Batch => ({
  ...{ batchId: 'b', pod: 'p', startedAtMs: 0, durationMs: 900, model: 'm', replica: 'm/0', device: 'cpu' },
  ...{ tower: 'visual', items: 8, itemsMax: 32, bytes: 1, tokensMax: null, attempt: 1, reason: 'full', error: null },
  ...{ riders: [], others: { requests: 0, items: 0 } },
  spans: [span('batch', 0, 900), span('prepare', 0, prepareMs), span('run', prepareMs, prepareMs + runMs)],
});

describe('why a request was slow', () => {
  it.each([
    [
      'a slow host',
      span('fetch', 0, 900, { attributes: { 'server.address': 'img.example.com' } }),
      'fetching an image from img.example.com.',
    ],
    [
      'a host that others ask, too',
      span('fetch', 0, 900, { attributes: { 'server.address': 'h', 'clip.fetch.wait_ms': 800 } }),
      'fetching an image from h, 800 ms of that for its turn there.',
    ],
    ['a full queue', span('queue', 0, 900, { attributes: { 'clip.replicas_ready': 2 } }), 'all replicas were busy'],
    ['a cold model', span('queue', 0, 900, { attributes: { 'clip.replicas_ready': 0 } }), 'no replica was ready'],
    ['a slow caller', span('read', 0, 900), 'its caller sent it slowly.'],
    ['the run of another request', span('cache', 0, 900), 'waiting for the run of another request'],
    ['something new', span('novelty', 0, 900), 'in “novelty”.'],
    ['a long run', run(), 'in a batch of 8 items, 2 of them its own, by m/0 on cpu.'],
    ['a run alone', run({ 'clip.batch.items': 2 }), 'in a batch of 2 items by m/0 on cpu.'],
    ['work of its own', span('queue', 0, 100), '900 ms of it between its parts'],
  ])('is said for %s', (_, part, words) => {
    expect(why(part)).toContain('It took 1 s, 900 ms of it');
    expect(why(part)).toContain(words);
  });

  it('says what the replica did, where the batch is known', () => {
    expect(why(run(), batch(700, 200))).toContain('mostly for decoding images (700 ms), by m/0');
    expect(why(run(), batch(100, 800))).toContain('mostly for the model itself (800 ms), by m/0');
  });

  it('says that a replica died with it', () => {
    const lost = span('run', 0, 500, { spanId: 'lost', error: 'replica_lost' });
    const again = span('run', 500, 950, { spanId: 'again' });
    const cause = whySlow({ spans: [root, lost, again] });
    expect(cause?.sentence).toContain('A replica died with its batch, which was run again.');
    expect(cause?.spanIds).toEqual(['lost', 'again']);
  });

  it('says nothing of a request without spans', () => {
    expect(whySlow({ spans: [] })).toBeUndefined();
  });
});
