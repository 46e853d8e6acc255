import { describe, expect, it } from 'vitest';
import { DomainError, type ItemResult } from '#core';
import { encodeEncodeResponse, type EncodeReply } from './clip-response.js';
import { encodeResponseReader } from '../testing/response-reader.js';

const read = encodeResponseReader();
const timing = { queueMs: 1.5, prepareMs: 2.25, runMs: 3, batchSize: 300, replica: 'model-0' };
const encoded: ItemResult = { ok: true, embedding: Float32Array.of(0.5, -2), timing };
const reply = (changes: Partial<EncodeReply> = {}): EncodeReply => ({ id: '', model: '', results: [], ...changes });

async function encodedWhole(reply: EncodeReply): Promise<Buffer> {
  return Buffer.concat((await encodeEncodeResponse(reply)).pieces);
}

describe('encodeEncodeResponse', () => {
  it('writes what a client generated from the proto reads as vectors and timings', async () => {
    const bytes = await encodedWhole(reply({ id: 'a', model: 'M-CLIP/X', results: [encoded] }));
    expect(read(bytes)).toMatchObject({
      id: 'a',
      model: 'M-CLIP/X',
      results: [{ outcome: 'embedding', embedding: { values: [0.5, -2] }, timing }],
      error: null,
    });
  });

  it("writes an item's failure in its place, in the order of the items", async () => {
    const error = new DomainError('queue_full', 'Später.', { retryAfterMs: 10.2, internal: 'secret' });
    const bytes = await encodedWhole(reply({ results: [encoded, { ok: false, error }, encoded] }));
    const failed = { code: 'queue_full', message: 'Später.', retryable: true, retryAfterMs: 11 };
    expect(read(bytes)).toMatchObject({
      results: [{ outcome: 'embedding' }, { outcome: 'error', error: failed }, { outcome: 'embedding' }],
    });
    expect(bytes.includes('secret')).toBe(false);
  });

  it('writes the failure of a whole request', async () => {
    const bytes = await encodedWhole(reply({ id: 'a', error: new DomainError('model_unknown', 'No.') }));
    expect(read(bytes)).toMatchObject({ id: 'a', results: [], error: { code: 'model_unknown', retryAfterMs: 0 } });
  });

  it('copies only the part of a shared buffer that is the vector', async () => {
    const shared = Float32Array.of(9, 1, 2, 9);
    const result: ItemResult = { ok: true, embedding: shared.subarray(1, 3), timing };
    expect(read(await encodedWhole(reply({ results: [result] })))).toMatchObject({
      results: [{ embedding: { values: [1, 2] } }],
    });
  });
});
