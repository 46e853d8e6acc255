import type { EncodeItem } from '#core';
import { DomainError } from '#core';
import type { EncodeOutcome, VectorEncoder } from '../encode/vector-encoder.js';

/** Gives [length, 1] for a text and [bytes, 2] for a picture; a text `bad` has no vector. Fails after `batchesMax`. */
export class ScriptedEncoder implements VectorEncoder {
  readonly model = 'scripted';
  readonly dimension = 2;
  readonly batchesAtOnce = 2;
  readonly batchItemsMax = 8;
  private batches = 0;

  constructor(private readonly batchesMax = Infinity) {}

  encode(items: readonly EncodeItem[]): Promise<readonly EncodeOutcome[]> {
    this.batches += 1;
    if (this.batches > this.batchesMax) return Promise.reject(new DomainError('unavailable', 'The power went out.'));
    return Promise.resolve(items.map(outcomeOf));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function outcomeOf(item: EncodeItem): EncodeOutcome {
  if (item.kind === 'text' && item.text === 'bad')
    return { ok: false, error: new DomainError('invalid_argument', 'The text is bad.') };
  if (item.kind === 'text') return { ok: true, embedding: Float32Array.of(item.text.length, 1) };
  return { ok: true, embedding: Float32Array.of(item.kind === 'image' ? item.bytes.length : 0, 2) };
}
