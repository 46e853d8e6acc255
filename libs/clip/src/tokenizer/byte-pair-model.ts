import { type Fields, fieldsOf, modelBroken } from '../files/json-fields.js';
import { firstOfWord } from './first-of-word.js';
import { MergeTable } from './merge-table.js';
import { requiredId, textField, type TokenModel, vocabularyOf } from './token-model.js';
import { quoted, unlikeReference } from './unlike-reference.js';

/** Byte-pair encoding with all of its options but dropout, equal to Rust's `models/bpe/model.rs`. */
export class BytePairModel implements TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly merges: MergeTable;
  private readonly unknownId: number | undefined;
  private readonly prefix: string;
  private readonly suffix: string;
  private readonly byteIds: readonly (number | undefined)[];
  private readonly utf8 = new TextEncoder();

  constructor(private readonly model: Fields) {
    const { dropout, unk_token, vocab, merges } = model;
    if (typeof dropout === 'number' && dropout > 0) {
      throw unlikeReference(`the model "BPE" with dropout ${quoted(dropout)}`, 'its ids are drawn by chance');
    }
    this.vocabulary = vocabularyOf(vocab);
    this.prefix = textField(model['continuing_subword_prefix']);
    this.suffix = textField(model['end_of_word_suffix']);
    this.merges = new MergeTable(Array.isArray(merges) ? merges : [], this.vocabulary, this.prefix);
    this.unknownId = typeof unk_token === 'string' ? requiredId(this.vocabulary, unk_token) : undefined;
    this.byteIds = Array.from({ length: 256 }, (_, byte) =>
      this.vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
  }

  get size(): number {
    return this.vocabulary.size;
  }

  firstIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined {
    if (this.model['ignore_merges'] === true) {
      const whole = this.vocabulary.get(word);
      if (whole !== undefined) return isOpen ? undefined : [whole];
    }
    return firstOfWord(this.symbols(word, isOpen), this.merges, count, isOpen);
  }

  /** The order of a run of unknown characters and the bytes within it is Rust's. */
  private symbols(word: string, isOpen: boolean): number[] {
    const characters = Array.from(word);
    const ids: number[] = [];
    let hasUnknown = false;
    const addUnknown = (): void => {
      if (hasUnknown && this.unknownId !== undefined) ids.push(this.unknownId);
      hasUnknown = false;
    };
    characters.forEach((character, at) => {
      const isLast = !isOpen && at === characters.length - 1;
      const symbol = (at > 0 ? this.prefix : '') + character + (isLast ? this.suffix : '');
      const id = this.vocabulary.get(symbol);
      const bytes = id === undefined && this.model['byte_fallback'] === true ? this.bytesOf(symbol) : undefined;
      if (id !== undefined) {
        addUnknown();
        ids.push(id);
      } else if (bytes) ids.push(...bytes);
      else if (this.unknownId !== undefined) {
        if (this.model['fuse_unk'] !== true) addUnknown();
        hasUnknown = true;
      }
    });
    addUnknown();
    return ids;
  }

  private bytesOf(symbol: string): number[] | undefined {
    const ids: number[] = [];
    for (const byte of this.utf8.encode(symbol)) {
      const id = this.byteIds[byte];
      if (id === undefined) return undefined;
      ids.push(id);
    }
    return ids;
  }
}

/** Tells whether `model` holds merges, which only byte-pair encodings do. */
export function hasMerges(model: Fields): boolean {
  if (model['merges'] !== undefined && !Array.isArray(model['merges'])) {
    throw modelBroken('tokenizer.json has merges that are no list', typeof model['merges']);
  }
  return Array.isArray(model['merges']) && Object.keys(fieldsOf(model['vocab'])).length > 0;
}
