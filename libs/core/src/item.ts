import type { DomainError } from './domain-error.js';

/** Raw pixels, row by row, `channels` bytes a pixel (1 gray, 3 RGB, 4 RGBA). */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
}

/** One thing to encode, complete in itself: nothing is left to fetch. */
export type EncodeItem =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'image';
      readonly bytes: Uint8Array;
      /** The result then has the `square` that the model saw. */
      readonly wantsSquare?: true;
    }
  | {
      readonly kind: 'pixels';
      readonly pixels: Pixels;
      /** The pixels are such a `square`, and the model sees them as they are: neither resized nor cropped. */
      readonly isSquare?: true;
    };

/** Which half of a CLIP model serves an item. */
export type Tower = 'textual' | 'visual';

/** The tower that an item needs. */
export function towerOf(item: EncodeItem): Tower {
  return item.kind === 'text' ? 'textual' : 'visual';
}

/** Where an item's time went, in milliseconds. */
export interface Timing {
  /** From arrival in the queue to leaving in a batch. */
  readonly queueMs: number;
  /** Decode and preprocess, or tokenize, of the whole batch. */
  readonly prepareMs: number;
  /** The ONNX run of the whole batch. */
  readonly runMs: number;
  readonly batchSize: number;
  readonly replica: string;
}

/**
 * The outcome of one item: its vector (as the model gives it, not normalised here) or its own error. `tokens` counts a
 * text's tokens as they were run, start and end included; images have none. `square` is what the model saw of an image
 * that wants it: RGB bytes, row by row, `ModelInfo.imageSize` pixels a side.
 */
export type ItemResult =
  | {
      readonly ok: true;
      readonly embedding: Float32Array;
      readonly timing: Timing;
      readonly tokens?: number;
      readonly square?: Uint8Array;
    }
  | { readonly ok: false; readonly error: DomainError };

/** What a caller may know of a model. Every value is read from the model's files. */
export interface ModelInfo {
  readonly name: string;
  /** Length of every embedding. */
  readonly dimension: number;
  /** Side of the square the visual tower sees, in pixels. */
  readonly imageSize: number;
  /** Most tokens of a text, start and end tokens included. Longer texts are cut. */
  readonly contextLength: number;
  /** Factor before the softmax of a ranking: exp of the learned temperature, 100 for OpenAI's models. */
  readonly logitScale: number;
  /** Whether the model gives unit vectors: by config.json until the model has run, then by its output. */
  readonly normalized: boolean;
}
