import { DomainError, type EncodeItem } from '#core';
import { describe, expect, it } from 'vitest';
import { encodeFromReplica, parseFromReplica, type FromReplica } from './messages-from-replica.js';
import { encodeToReplica, parseToReplica, type ToReplica } from './messages-to-replica.js';
import { SCRIPTED_INFO } from '../testing/builders.js';

const NO_COST = { id: 1, prepareMs: 0, runMs: 0 };
const TIMES = { prepare: { startMs: 1.5, endMs: 2.75 }, run: { startMs: 7, endMs: 9.5 } };

interface Encoded {
  header: object;
  parts: Uint8Array[];
}

/** The message as the other process gets it. */
function carried({ header, parts }: Encoded) {
  const json: unknown = JSON.parse(JSON.stringify(header));
  const bytes = Buffer.concat(parts);
  const payload = Buffer.from(new ArrayBuffer(bytes.byteLength));
  bytes.copy(payload);
  return { header: json, payload };
}

function toReplica(message: ToReplica): ToReplica {
  return parseToReplica(carried(encodeToReplica(message)));
}

function fromReplica(message: FromReplica): FromReplica {
  return parseFromReplica(carried(encodeFromReplica(message)));
}

describe('messages to a replica', () => {
  it('carry texts, images and pixels as they are', () => {
    const items: EncodeItem[] = [
      { kind: 'text', text: 'a cat \u{1F408} \u0000 é' },
      { kind: 'text', text: '' },
      { kind: 'image', bytes: Buffer.from([1, 2, 3]) },
      { kind: 'pixels', pixels: { data: Buffer.from([9, 8, 7]), width: 1, height: 1, channels: 3 } },
      { kind: 'image', bytes: Buffer.from([4]), wantsSquare: true },
      { kind: 'pixels', pixels: { data: Buffer.from([1, 2, 3]), width: 1, height: 1, channels: 3 }, isSquare: true },
    ];
    expect(toReplica({ type: 'batch', id: 7, items })).toEqual({ type: 'batch', id: 7, items });
    const beside = { type: 'batch', id: 8, items, beside: true } as const;
    expect(toReplica(beside)).toEqual(beside);
  });

  it.each(['cpu', { name: 'cuda', deviceId: 2 }] as const)('carry what to load, on %j', (provider) => {
    const imageLimits = { bytesMax: 5, pixelsMax: 6 };
    const model = { folder: 'f', name: 'n', threads: 3, provider, imageLimits };
    const hello = { type: 'hello', replica: 'n/0', model, batchItemsMax: 32 } as const;
    expect(toReplica(hello)).toEqual(hello);
  });

  it.each([
    ['a type that is not known', { type: 'dance' }],
    ['no object', [1]],
    ['an id that is no number', { type: 'batch', id: 'one', items: [] }],
    ['items longer than the payload', { type: 'batch', id: 1, items: [{ kind: 'text', bytes: 1 }] }],
    ['a negative length', { type: 'batch', id: 1, items: [{ kind: 'text', bytes: -1 }] }],
  ])('are refused with %s', (_, header) => {
    expect(() => parseToReplica({ header, payload: Buffer.from(new ArrayBuffer(0)) })).toThrow();
  });
});

describe('messages from a replica', () => {
  it('carry vectors bit for bit and errors whole', () => {
    const error = new DomainError('image_unreadable', 'The image is broken.', { internal: 'byte 7', retryAfterMs: 5 });
    const result = fromReplica({
      type: 'result',
      id: 3,
      prepareMs: 1.25,
      runMs: 2.5,
      ...TIMES,
      outcomes: [
        { ok: true, embedding: Float32Array.of(0.1, NaN) },
        { ok: false, error },
        { ok: true, embedding: new Float32Array([9, 9, 1e-40, -0]).subarray(2) },
      ],
    });
    expect(result).toMatchObject({
      type: 'result',
      id: 3,
      prepareMs: 1.25,
      runMs: 2.5,
      ...TIMES,
      outcomes: [
        { ok: true, embedding: Float32Array.of(0.1, NaN) },
        { ok: false, error: { code: 'image_unreadable', message: error.message, internal: 'byte 7', retryAfterMs: 5 } },
        { ok: true, embedding: Float32Array.of(1e-40, -0) },
      ],
    });
  });

  it('carry squares beside vectors, whatever their sizes', () => {
    const outcomes = [
      { ok: true, embedding: Float32Array.of(1), square: Uint8Array.of(7, 8, 9) },
      { ok: true, embedding: Float32Array.of(2) },
      { ok: true, embedding: Float32Array.of(3), square: Uint8Array.of(4) },
    ] as const;
    expect(fromReplica({ type: 'result', ...NO_COST, ...TIMES, outcomes })).toMatchObject({ outcomes });
  });

  it('carry what an item takes on this replica', () => {
    const ready = { type: 'ready', info: SCRIPTED_INFO, itemMs: { textual: 12.5, visual: 2_000 } } as const;
    expect(fromReplica(ready)).toEqual(ready);
  });

  it('carry what the model is, and why it does not load', () => {
    expect(fromReplica({ type: 'ready', info: SCRIPTED_INFO })).toEqual({ type: 'ready', info: SCRIPTED_INFO });
    const failed = fromReplica({ type: 'load_failed', error: new DomainError('unavailable', 'No file.') });
    expect(failed).toMatchObject({ type: 'load_failed', error: { code: 'unavailable', message: 'No file.' } });
  });

  it.each([
    ['an error code that is not ours', { type: 'load_failed', error: { code: 'oops', text: 'x' } }],
    ['more floats than came', { type: 'result', ...NO_COST, ...TIMES, items: [{ floats: 4 }] }],
    ['no times', { type: 'result', ...NO_COST, items: [] }],
    [
      'a run that ends before it begins',
      { type: 'result', ...NO_COST, ...TIMES, run: { startMs: 2, endMs: 1 }, items: [] },
    ],
    [
      'a time that is no number',
      { type: 'result', ...NO_COST, ...TIMES, prepare: { startMs: null, endMs: 1 }, items: [] },
    ],
    ['a time for one tower only', { type: 'ready', info: SCRIPTED_INFO, itemMs: { visual: 1 } }],
    ['a model without a dimension', { type: 'ready', info: { name: 'x' } }],
  ])('are refused with %s', (_, header) => {
    expect(() => parseFromReplica({ header, payload: Buffer.from(new ArrayBuffer(0)) })).toThrow();
  });
});
