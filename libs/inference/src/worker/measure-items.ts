import type { Clock, EncodeItem, Tower } from '#core';
import type { ClipModel } from '#clip';
import { imageOf, longTextOf } from './warm-up-batches.js';

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
