import type { Clock, EncodeItem, ModelInfo, Tower } from '#core';
import type { ClipModel } from '#clip';

const SHORT_TEXT = 'a photo of a cat';
/** One token a word at least, so that it fills the context of any model. */
const WORD = 'cat ';

/**
 * Batches of 1, 2, 4 … and of `itemsMax` items for each tower, texts once short and once as long as the model takes: with
 * them every shape has been seen that a device sets itself up for.
 */
export function* warmUpBatches(info: ModelInfo, itemsMax: number): Generator<EncodeItem[]> {
  const items: EncodeItem[] = [imageOf(info), { kind: 'text', text: SHORT_TEXT }, longTextOf(info)];
  for (const size of bucketSizes(itemsMax)) for (const item of items) yield Array<EncodeItem>(size).fill(item);
}

/**
 * Milliseconds of one item of each tower in a batch of `size`: an image, and the longest text that the model takes, since
 * texts should not turn out to cost more than was said. The model must be warm; each tower runs once.
 */
export async function measureItems(model: ClipModel, size: number, clock: Clock): Promise<Record<Tower, number>> {
  const measure = async (item: EncodeItem) => {
    const startMs = clock.now();
    await model.run(await model.prepare(Array<EncodeItem>(size).fill(item)));
    return (clock.now() - startMs) / size;
  };
  return { visual: await measure(imageOf(model.info)), textual: await measure(longTextOf(model.info)) };
}

/** A gray square of the model's own size. */
function imageOf({ imageSize: side }: ModelInfo): EncodeItem {
  const data = new Uint8Array(side * side).fill(128);
  return { kind: 'pixels', pixels: { data, width: side, height: side, channels: 1 } };
}

/** A text as long as the model takes. */
function longTextOf({ contextLength }: ModelInfo): EncodeItem {
  return { kind: 'text', text: WORD.repeat(contextLength) };
}

/** 1, 2, 4 … below `itemsMax`, and `itemsMax` itself. */
export function bucketSizes(itemsMax: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < itemsMax; size *= 2) sizes.push(size);
  return [...sizes, itemsMax];
}
