import type { Fields } from '../files/json-fields.js';
import { longestToken, requiredId, textField, type TokenModel, vocabularyOf } from './token-model.js';

/** BERT's model: takes the longest token at each place of a word, or the unknown token for the whole word. */
export class WordPieceModel implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly unknown: readonly number[];
  private readonly prefix: string;
  private readonly charactersMax: number;
  private readonly longest: number;

  constructor(model: Fields) {
    this.vocabulary = vocabularyOf(model['vocab']);
    this.unknown = [requiredId(this.vocabulary, textField(model['unk_token']) || '[UNK]')];
    const { continuing_subword_prefix, max_input_chars_per_word } = model;
    this.prefix = typeof continuing_subword_prefix === 'string' ? continuing_subword_prefix : '##';
    this.charactersMax = typeof max_input_chars_per_word === 'number' ? max_input_chars_per_word : 100;
    this.longest = longestToken(this.vocabulary);
  }

  get size(): number {
    return this.vocabulary.size;
  }

  firstIds(word: string, _count: number, isOpen: boolean): readonly number[] | undefined {
    if (this.isLong(word)) return this.unknown;
    // A later character can make the whole word unknown.
    if (isOpen) return undefined;
    const ids: number[] = [];
    for (let start = 0; start < word.length;) {
      const found = this.longestAt(word, start);
      if (!found) return this.unknown;
      ids.push(found.id);
      start = found.end;
    }
    return ids;
  }

  private isLong(word: string): boolean {
    return word.length > this.charactersMax && Array.from(word).length > this.charactersMax;
  }

  private longestAt(word: string, start: number): { id: number; end: number } | undefined {
    for (let end = Math.min(word.length, start + this.longest); end > start; end--) {
      const piece = word.slice(start, end);
      const id = this.vocabulary.get(start > 0 ? this.prefix + piece : piece);
      if (id !== undefined) return { id, end };
    }
    return undefined;
  }
}

/** A model with one token per word. */
export class WordLevelModel implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly unknown: readonly number[];

  constructor(model: Fields) {
    this.vocabulary = vocabularyOf(model['vocab']);
    this.unknown = [requiredId(this.vocabulary, textField(model['unk_token']) || '<unk>')];
  }

  get size(): number {
    return this.vocabulary.size;
  }

  firstIds(word: string, _count: number, isOpen: boolean): readonly number[] | undefined {
    if (isOpen) return undefined;
    const id = this.vocabulary.get(word);
    return id === undefined ? this.unknown : [id];
  }
}
