/** Text to the ids of one model's vocabulary. */
export interface Tokenizer {
  /** The id that fills rows up to a common length. */
  readonly padId: number;
  /**
   * Ids of `text`, start and end token included, never more than `lengthMax`. A longer text is cut as CLIP cuts it: the
   * last id stays the end token, since the tower reads its answer there.
   */
  encode(text: string, lengthMax: number): number[];
}
