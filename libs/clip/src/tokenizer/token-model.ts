import { fieldsOf, modelBroken } from '../files/json-fields.js';

/** The `model` of a `tokenizer.json`, which encodes words as ids. */
export interface TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Entries of the file's vocabulary, also those of the same token. */
  readonly size: number;
  /**
   * Returns the first ids of a word: at least `count`, or all of them. An `isOpen` word continues after `word`; returns
   * undefined when that could change one of these ids.
   */
  firstIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined;
}

/** Reads tokens and their ids from a JSON object. It leaves out ids that are no whole number. */
export function vocabularyOf(value: unknown): Map<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(fieldsOf(value))) {
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 20) vocabulary.set(token, id);
  }
  return vocabulary;
}

/** Returns the id of a token. Throws `unavailable` when the vocabulary lacks it. */
export function requiredId(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw modelBroken('tokenizer.json lacks a token that it needs', token);
  return id;
}

/** Returns `value` if it is a text, else an empty one. */
export function textField(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the length of the longest token in UTF-16 units. */
export function longestToken(vocabulary: ReadonlyMap<string, number>): number {
  let longest = 1;
  for (const token of vocabulary.keys()) longest = Math.max(longest, token.length);
  return longest;
}
