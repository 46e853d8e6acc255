import { type Fields, fieldsOf, modelBroken } from '../json-fields.js';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { MergeTable } from './merge-table.js';
import { mergeWord } from './merge-word.js';
import type { Tokenizer } from './tokenizer.js';

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const END_OF_WORD = '</w>';
/**
 * CLIP's word pattern. `\s` is spelled out as Unicode's White_Space, which is what the Rust tokenizer's engine means by
 * it; JavaScript's own `\s` has U+FEFF and lacks U+0085.
 */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
const SPECIAL = /(<\|startoftext\|>|<\|endoftext\|>)/;
/** Words repeat (a, photo, of); beyond this many the cache starts anew. Longer words are not worth keeping. */
const CACHED_WORDS_MAX = 20_000;
const CACHED_CHARACTERS_MAX = 32;
/**
 * CLIP's longest token has 32 bytes, so a word needs at most that many per id that is asked for; twice as many are
 * merged, and the rest, which cannot show, only bounds the work on hostile input.
 */
const WORD_BYTES_PER_ID = 64;
/** For the same reason a text is read this far at most; only white space beyond it could have moved something in. */
const TEXT_CHARACTERS_MAX = 1_048_576;

/** Whether `json` is the byte-pair encoding that every CLIP of OpenAI's family uses. */
export function isClipTokenizer(json: Fields): boolean {
  const model = fieldsOf(json['model']);
  return model['type'] === 'BPE' && model['end_of_word_suffix'] === END_OF_WORD && START in fieldsOf(model['vocab']);
}

/**
 * CLIP's tokenizer: NFC, white space, lower case, words, bytes, merges. Written here because the JavaScript library
 * differs from the Rust one on a final sigma, on U+FEFF and on special tokens in capitals; `clip-tokenizer.spec.ts`
 * holds this one to Python's ids on hundreds of texts.
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

  encode(text: string, lengthMax: number): number[] {
    const ids = [this.startId];
    for (const part of text.slice(0, TEXT_CHARACTERS_MAX).split(SPECIAL)) {
      if (ids.length >= lengthMax) break;
      if (part === START) ids.push(this.startId);
      else if (part === END) ids.push(this.endId);
      else this.appendPlain(part, ids, lengthMax);
    }
    if (ids.length >= lengthMax) ids.length = lengthMax - 1;
    ids.push(this.endId);
    return ids;
  }

  /** Stops as soon as the ids suffice: what is cut off need not be encoded. */
  private appendPlain(part: string, ids: number[], lengthMax: number): void {
    for (const [word] of normalize(part).matchAll(WORD)) {
      for (const id of this.wordIds(word, lengthMax)) ids.push(id);
      if (ids.length >= lengthMax) return;
    }
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

/**
 * Lower case is taken a character at a time, as the Rust tokenizer does: a capital sigma at the end of a word becomes
 * a plain σ, never the final ς that `toLowerCase` alone would write.
 */
function normalize(text: string): string {
  return text.normalize('NFC').replaceAll('Σ', 'σ').toLowerCase();
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
