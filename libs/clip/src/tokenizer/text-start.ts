/** Characters to encode per id: more than any token of a usual vocabulary has. */
const CHARACTERS_PER_ID = 64;
/** Shorter texts are not worth cutting. */
const CHARACTERS_MIN = 16_384;
const BLANK = /[\t\n\f\r ]/;

/** The beginning of a text, which is encoded. */
export interface TextStart {
  /** Where it ends, in UTF-16 units: never inside a character, and before a blank if one is near. */
  readonly end: number;
  /** Whether more text follows, and whether that begins inside a word. */
  readonly isCut: boolean;
  readonly isInWord: boolean;
}

/**
 * Encodes as much of a text as its first `lengthMax` ids need: a text of megabytes would keep its tokenizer busy for
 * seconds, for ids that are cut off anyway. `attempt` returns undefined when it needs more; it then gets twice as much,
 * up to the whole text, so that the work stays in proportion to what was needed.
 *
 * @example
 * encodeStart(text, 77, ({ end, isCut }) => idsOf(text.slice(0, end), isCut));
 */
export function encodeStart<T>(
  text: string,
  lengthMax: number,
  attempt: (start: TextStart) => T | undefined,
): T | undefined {
  for (let most = Math.max(CHARACTERS_MIN, lengthMax * CHARACTERS_PER_ID); most < text.length; most *= 2) {
    const result = attempt(startOf(text, most));
    if (result !== undefined) return result;
  }
  return attempt({ end: text.length, isCut: false, isInWord: false });
}

/** Looks for a blank in the second half only. */
function startOf(text: string, most: number): TextStart {
  for (let end = most; end > most / 2; end--) {
    if (BLANK.test(text.charAt(end))) return { end, isCut: true, isInWord: false };
  }
  const isSplit = (text.codePointAt(most - 1) ?? 0) > 0xffff;
  return { end: isSplit ? most - 1 : most, isCut: true, isInWord: true };
}
