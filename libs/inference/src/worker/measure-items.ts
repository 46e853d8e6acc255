import type { Clock, EncodeItem, Tower } from '#core';
import { type ClipModel, type Encoded, sampleItems } from '#clip';

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
  const { image, longestText } = sampleItems(model.info);
  const [visual, textual] = [await measure(image), await measure(longestText)];
  const itemMs = { visual: visual.itemMs, textual: textual.itemMs };
  return { itemMs, normalized: visual.normalized && textual.normalized };
}

/** The step of float16 at 1, in which some models scale their vectors. */
const LENGTH_TOLERANCE = 1e-3;

function hasUnitLength(result: Encoded): boolean {
  if (!result.ok) return false;
  const squares = result.embedding.reduce((sum, value) => sum + value * value, 0);
  return Math.abs(Math.sqrt(squares) - 1) < LENGTH_TOLERANCE;
}
