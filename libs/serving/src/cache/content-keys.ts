import { hash } from 'node:crypto';
import type { EncodeItem } from '#core';
import type { EncodePool } from '#inference';

/**
 * Longer texts are run each time: they are rare, models cut them after some dozens of tokens, and as keys they cost
 * memory.
 */
const textLengthMax = 8_192;

/** Larger images are run each time: taking their digest would hold up everybody else for milliseconds. */
const imageBytesMax = 2 * 2 ** 20;

/**
 * Keys for the vector that a pool makes of an item. Equal keys mean equal vectors: a key holds the identity of the
 * pool, so that other files under a model's name have other keys, and a text as it is or the SHA-256 of an image (no
 * two contents with one digest are known).
 */
export class ContentKeys {
  private readonly numbers = new WeakMap<EncodePool, number>();
  private pools = 0;

  /** Undefined for an item that is too large to be kept, and for those of explanations, which come once. */
  of(pool: EncodePool, item: EncodeItem): string | undefined {
    switch (item.kind) {
      case 'text':
        return item.text.length > textLengthMax ? undefined : `${this.numberOf(pool)} text ${item.text}`;
      case 'image':
        return item.wantsSquare ? undefined : this.imageKey(pool, 'file', item.bytes);
      case 'pixels': {
        if (item.isSquare) return undefined;
        const { width, height, channels, data } = item.pixels;
        return this.imageKey(pool, `${width}x${height}x${channels}`, data);
      }
    }
  }

  private imageKey(pool: EncodePool, form: string, bytes: Uint8Array): string | undefined {
    if (bytes.byteLength > imageBytesMax) return undefined;
    return `${this.numberOf(pool)} ${form} ${hash('sha256', bytes, 'base64')}`;
  }

  private numberOf(pool: EncodePool): number {
    const known = this.numbers.get(pool);
    if (known !== undefined) return known;
    this.pools += 1;
    this.numbers.set(pool, this.pools);
    return this.pools;
  }
}
