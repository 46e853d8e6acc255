/**
 * Encodes texts as ids of one model's vocabulary.
 *
 * @example
 * tokenizer.encode('a cat', 77); // [49406, 320, 2368, 49407] for CLIP's own
 */
export interface Tokenizer {
  /** The id that pads rows to a common length. */
  readonly padId: number;
  /**
   * Returns the ids of `text`, start and end token included, at most `lengthMax`. A longer text is cut as CLIP cuts it:
   * the last id stays the end token, where the tower reads its output.
   */
  encode(text: string, lengthMax: number): number[];
}
