import type { Clock, EncodeItem, ModelInfo, Tower } from '#core';
import type { ClipModel, Encoded } from '#clip';

const SHORT_TEXT = 'a photo of a cat';
/** One token a word at least, so that it fills the context of any model. */
const WORD = 'cat ';

/**
 * Batches of 1, 2, 4 … and of `itemsMax` items for each tower, texts once short and once as long as the model takes:
 * with them every shape has been seen that a device sets itself up for.
 */
export function* warmUpBatches(info: ModelInfo, itemsMax: number): Generator<EncodeItem[]> {
  const items: EncodeItem[] = [imageOf(info), { kind: 'text', text: SHORT_TEXT }, longTextOf(info)];
  for (const size of bucketSizes(itemsMax)) for (const item of items) yield Array<EncodeItem>(size).fill(item);
}

/** What a model turned out to be, once it has run. */
interface Measured {
  /** Milliseconds of one item of each tower. */
  readonly itemMs: Readonly<Record<Tower, number>>;
  /** Whether the vectors of both towers have length 1. */
  readonly normalized: boolean;
}

/**
 * Runs a batch of `size` in each tower: images, and the longest texts that the model takes, since texts should not turn
 * out to cost more than was said. The model must be warm.
 */
export async function measureItems(model: ClipModel, size: number, clock: Clock): Promise<Measured> {
  const measure = async (item: EncodeItem) => {
    const startMs = clock.now();
    const results = await model.run(await model.prepare(Array<EncodeItem>(size).fill(item)));
    return { itemMs: (clock.now() - startMs) / size, normalized: results.every(hasUnitLength) };
  };
  const [visual, textual] = [await measure(imageOf(model.info)), await measure(longTextOf(model.info))];
  const itemMs = { visual: visual.itemMs, textual: textual.itemMs };
  return { itemMs, normalized: visual.normalized && textual.normalized };
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

/** The step of float16 at 1, in which some models scale their vectors. */
const LENGTH_TOLERANCE = 1e-3;

function hasUnitLength(result: Encoded): boolean {
  if (!result.ok) return false;
  const squares = result.embedding.reduce((sum, value) => sum + value * value, 0);
  return Math.abs(Math.sqrt(squares) - 1) < LENGTH_TOLERANCE;
}
