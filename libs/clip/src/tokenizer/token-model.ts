import { fieldsOf, modelBroken } from '../files/json-fields.js';

/** The `model` of a `tokenizer.json`: words to ids. */
export interface TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** How many entries the vocabulary of the file has, those of the same token too. */
  readonly size: number;
  /**
   * The ids with which the encoding of a word begins: `count` at least, or all of them. With `isOpen` the word goes on
   * after what is given; undefined where that could change one of these ids.
   */
  firstIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined;
}

/** Tokens with their ids, of a JSON object. What is no whole number is left out. */
export function vocabularyOf(value: unknown): Map<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(fieldsOf(value))) {
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 20) vocabulary.set(token, id);
  }
  return vocabulary;
}

/** Throws `unavailable` for a token that the vocabulary lacks. */
export function requiredId(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw modelBroken('tokenizer.json lacks a token that it needs', token);
  return id;
}

/** `value` as text, an empty one where there is none. */
export function textField(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The most UTF-16 units of a token. */
export function longestToken(vocabulary: ReadonlyMap<string, number>): number {
  let longest = 1;
  for (const token of vocabulary.keys()) longest = Math.max(longest, token.length);
  return longest;
}
