import { expect, it } from 'vitest';
import { compareParts } from './compare.js';
import { placeSpans } from './span-tree.js';
import type { Batch } from './spans.js';
import { buildSpan as span } from './testing/builders.js';
import { whyBatch } from './why-batch.js';

it('two requests are compared part by part, those of one name together', () => {
  const a = { spans: [span('root', 0, 10), span('queue', 0, 4), span('run', 4, 9)] };
  const b = { spans: [span('root', 0, 30), span('fetch', 0, 9), span('fetch', 9, 12), span('run', 12, 29)] };
  expect(compareParts(a, b)).toEqual([
    { name: 'queue', aMs: 4, bMs: undefined, counts: [1, 0] },
    { name: 'run', aMs: 5, bMs: 17, counts: [1, 1] },
    { name: 'fetch', aMs: undefined, bMs: 12, counts: [0, 2] },
  ]);
});

const batch = (changes: Partial<Batch> = {}): Batch => ({
  ...{ batchId: 'b', pod: 'p', startedAtMs: 0, durationMs: 9, model: 'm', replica: 'm/0', device: 'cpu' },
  ...{ tower: 'textual', items: 8, itemsMax: 32, bytes: 1, tokensMax: 7, attempt: 1, reason: 'full', error: null },
  ...{ riders: [{ requestId: 'r', traceId: 't', items: 8 }], others: { requests: 0, items: 0 }, spans: [] },
  ...changes,
});

it('spans stand below the one that they are a part of, and those of a batch below the run that rode in it', () => {
  const run = span('run', 4, 9, { attributes: { 'clip.batch.id': 'b' } });
  const ofBatch = ['whole', 'prepare', 'model'].map((name) => span(name, 5, 8));
  const deep = span('deep', 1, 2, { parentSpanId: 'queue' });
  const loop = [span('x', 0, 1, { parentSpanId: 'y' }), span('y', 0, 1, { parentSpanId: 'x' })];
  const placed = placeSpans(
    [span('root', 0, 10), run, span('queue', 0, 4), deep, ...loop],
    [batch({ spans: ofBatch })],
  );
  expect(placed.map((one) => `${one.depth} ${one.span.name}${one.isOfBatch ? '*' : ''}`)).toEqual([
    ...['0 root', '1 queue', '2 deep', '1 run', '2 prepare*', '2 model*', '1 x', '2 y'],
  ]);
});

it('says why a batch left, how full it was and how long its riders had waited', () => {
  expect(whyBatch(batch({ reason: 'idle_replica' }), [])).toBe(
    'It left with 8 of at most 32 items (25 % full), since a replica was idle: nothing waits for a batch to fill. ' +
      'One request rode in it, so nobody waited for another.',
  );
  const shared = batch({ reason: 'waited', others: { requests: 2, items: 3 } });
  expect(whyBatch(shared, [{ queueMs: 12 }, { queueMs: 0.5 }])).toContain(
    '3 requests rode in it: the first had waited 12 ms, the last 500 µs.',
  );
  expect(whyBatch(batch({ itemsMax: null, reason: 'retry' }), [])).toContain(
    'It left with 8 items, as another attempt',
  );
});
