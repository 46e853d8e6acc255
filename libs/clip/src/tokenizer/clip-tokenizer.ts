import { type Fields, fieldsOf, modelBroken } from '../json-fields.js';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { cutText } from './cut-text.js';
import { mendText } from './mend-text.js';
import { MergeTable } from './merge-table.js';
import { mergeWord } from './merge-word.js';
import type { Tokenizer } from './tokenizer.js';

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const END_OF_WORD = '</w>';
/**
 * The word pattern of CLIP's `SimpleTokenizer`, special tokens first. Its case does not matter, which after lower case
 * leaves the long s, and U+0345 as a character that is no part of any word (it is an iota in capitals); its `\s` is
 * Unicode's White_Space, where JavaScript's has U+FEFF and lacks U+0085.
 */
const WORD =
  /<\|[sſ]tartoftext\|>|<\|endoftext\|>|'[sſ]|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}\u0345]+/gu;
/** Words repeat (a, photo, of); beyond this many the cache starts anew. Longer words are not worth keeping. */
const CACHED_WORDS_MAX = 20_000;
const CACHED_CHARACTERS_MAX = 32;
/**
 * CLIP's longest token has 32 bytes, so a word needs at most that many per id that is asked for; twice as many are
 * merged, and the rest, which cannot show, only bounds the work on hostile input.
 */
const WORD_BYTES_PER_ID = 64;

/** Whether `json` is the byte-pair encoding that every CLIP of OpenAI's family uses. */
export function isClipTokenizer(json: Fields): boolean {
  const model = fieldsOf(json['model']);
  return model['type'] === 'BPE' && model['end_of_word_suffix'] === END_OF_WORD && START in fieldsOf(model['vocab']);
}

/**
 * CLIP's tokenizer: the text mended, lower case, words, bytes, merges. It is held to the ids of the Python server's own
 * `SimpleTokenizer` on hundreds of texts (`clip-tokenizer.spec.ts`); the `tokenizers` library gives others, since it mends
 * nothing.
 */
export class ClipTokenizer implements Tokenizer {
  readonly padId = 0;
  private readonly startId: number;
  private readonly endId: number;
  private readonly merges: MergeTable;
  private readonly byteIds: readonly number[];
  private readonly lastByteIds: readonly number[];
  private readonly words = new Map<string, readonly number[]>();
  private readonly utf8 = new TextEncoder();

  constructor(json: Fields) {
    const model = fieldsOf(json['model']);
    const vocabulary = vocabularyOf(model['vocab']);
    this.startId = idOf(vocabulary, START);
    this.endId = idOf(vocabulary, END);
    this.byteIds = BYTE_CHARACTERS.map((character) => idOf(vocabulary, character));
    this.lastByteIds = BYTE_CHARACTERS.map((character) => idOf(vocabulary, character + END_OF_WORD));
    this.merges = new MergeTable(Array.isArray(model['merges']) ? model['merges'] : [], vocabulary);
  }

  /** Stops as soon as the ids suffice: what is cut off need not be encoded. */
  encode(text: string, lengthMax: number): number[] {
    const ids = [this.startId];
    for (const [word] of mendText(cutText(text, lengthMax)).toLowerCase().matchAll(WORD)) {
      if (word === START) ids.push(this.startId);
      else if (word === END) ids.push(this.endId);
      else for (const id of this.wordIds(word, lengthMax)) ids.push(id);
      if (ids.length >= lengthMax) break;
    }
    if (ids.length >= lengthMax) ids.length = lengthMax - 1;
    ids.push(this.endId);
    return ids;
  }

  private wordIds(word: string, lengthMax: number): readonly number[] {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const ids = mergeWord(this.symbols(word, lengthMax * WORD_BYTES_PER_ID), this.merges);
    if (this.words.size >= CACHED_WORDS_MAX) this.words.clear();
    if (word.length <= CACHED_CHARACTERS_MAX) this.words.set(word, ids);
    return ids;
  }

  private symbols(word: string, bytesMax: number): number[] {
    const bytes = this.utf8.encode(word).subarray(0, bytesMax);
    const last = bytes.length - 1;
    return Array.from(bytes, (byte, at) => (at === last ? this.lastByteIds[byte] : this.byteIds[byte]) ?? this.endId);
  }
}

function vocabularyOf(value: unknown): Map<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(fieldsOf(value))) {
    if (typeof id === 'number') vocabulary.set(token, id);
  }
  return vocabulary;
}

function idOf(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw modelBroken('tokenizer.json lacks a token that CLIP needs', token);
  return id;
}
