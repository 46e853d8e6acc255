import type { EncodeItem, ModelInfo } from '#core';

/** Items of known size: what a model is warmed up and measured with. */
export interface SampleItems {
  /** A gray square of the model's own size. */
  readonly image: EncodeItem;
  readonly shortText: EncodeItem;
  /** A text that fills the model's context. */
  readonly longestText: EncodeItem;
}

const SHORT_TEXT = 'a photo of a cat';
/** A word is at least one token, so one word per place of the context fills it. */
const WORD = 'cat ';

/**
 * Makes the sample items of a model.
 *
 * @example
 * const { longestText } = sampleItems(model.info);
 * await model.run(await model.prepare([longestText]));
 */
export function sampleItems({ imageSize: side, contextLength }: ModelInfo): SampleItems {
  const data = new Uint8Array(side * side).fill(128);
  return {
    image: { kind: 'pixels', pixels: { data, width: side, height: side, channels: 1 } },
    shortText: { kind: 'text', text: SHORT_TEXT },
    longestText: { kind: 'text', text: WORD.repeat(contextLength) },
  };
}

/** One item per tower: on CPU cores the first run sets up all there is. */
export function* warmUpItems(info: ModelInfo): Generator<EncodeItem[]> {
  const { image, shortText } = sampleItems(info);
  yield [image];
  yield [shortText];
}

/**
 * Batches of 1, 2, 4 … and `itemsMax` items per tower, of short texts and of the longest ones. A GPU sets itself up
 * once per shape of input (cuDNN searches its kernels, TensorRT builds for it); these batches show it every shape that
 * it will meet often.
 */
export function* warmUpBatches(info: ModelInfo, itemsMax: number): Generator<EncodeItem[]> {
  const { image, shortText, longestText } = sampleItems(info);
  for (const size of bucketSizes(itemsMax)) {
    for (const item of [image, shortText, longestText]) yield Array<EncodeItem>(size).fill(item);
  }
}

/** Returns 1, 2, 4 … below `itemsMax`, and `itemsMax` itself. */
export function bucketSizes(itemsMax: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < itemsMax; size *= 2) sizes.push(size);
  return [...sizes, itemsMax];
}
