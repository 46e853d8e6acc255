/** The `model` of a `tokenizer.json`: words to ids. */
export interface TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** How many entries the vocabulary of the file has, those of the same token too. */
  readonly size: number;
  /**
   * The ids with which the encoding of a word begins: `count` at least, or all of them. With `isOpen` the word goes on after
   * what is given; undefined where that could change one of these ids.
   */
  firstIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined;
}
