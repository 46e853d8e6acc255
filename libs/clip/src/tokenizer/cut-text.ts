/** CLIP's longest token has 32 characters, so twice as many for each id leave nothing out that could show. */
const CHARACTERS_PER_ID = 64;
/** Less than this is never worth cutting; it leaves room for white space and escapes, which make no ids. */
const CHARACTERS_MIN = 16_384;
/** Hugging Face's library spreads the tokens of a text over one call, which overflows the stack at about 120,000. */
const CHARACTERS_MAX = 65_536;

/**
 * As much of `text` as can matter for `lengthMax` ids. A text of megabytes would keep its tokenizer busy for seconds, or make
 * Hugging Face's library overflow the stack, for ids that are cut off anyway. Never ends in the middle of a character.
 */
export function cutText(text: string, lengthMax: number): string {
  const most = Math.min(CHARACTERS_MAX, Math.max(CHARACTERS_MIN, lengthMax * CHARACTERS_PER_ID));
  if (text.length <= most) return text;
  const isSplit = (text.codePointAt(most - 1) ?? 0) > 0xffff;
  return text.slice(0, isSplit ? most - 1 : most);
}
