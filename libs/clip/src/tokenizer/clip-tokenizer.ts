import { type Fields, fieldsOf, modelBroken } from '../files/json-fields.js';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { firstOfWord } from './first-of-word.js';
import { mendText } from './mend-text.js';
import { MergeTable } from './merge-table.js';
import { mergeWord } from './merge-word.js';
import { encodeStart, type TextStart } from './text-start.js';
import { vocabularyOf } from './token-model.js';
import type { Tokenizer } from './tokenizer.js';

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const END_OF_WORD = '</w>';
/**
 * The word pattern of CLIP's `SimpleTokenizer`, special tokens first. Python's pattern ignores case: of lower-case
 * texts it also matches the long s as an s, and it matches U+0345 (an iota in capitals) to no word. Its `\s` is
 * Unicode's White_Space; JavaScript's has U+FEFF and lacks U+0085.
 */
const WORD =
  /<\|[sſ]tartoftext\|>|<\|endoftext\|>|'[sſ]|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}\u0345]+/gu;
/** Words repeat (a, photo, of). A full cache starts anew; longer words are not cached. */
const CACHED_WORDS_MAX = 20_000;
const CACHED_CHARACTERS_MAX = 32;
/** The end of a text that was cut inside a word may still change: by a character reference, or a composed letter. */
const MARGIN = 64;

/** Tells whether `json` is the byte-pair encoding that every CLIP of OpenAI's family uses. */
export function isClipTokenizer(json: Fields): boolean {
  const model = fieldsOf(json['model']);
  return model['type'] === 'BPE' && model['end_of_word_suffix'] === END_OF_WORD && START in fieldsOf(model['vocab']);
}

/**
 * CLIP's tokenizer: it mends the text, lowers its case, splits it into words, and merges their bytes. Its ids equal
 * those of the Python server's `SimpleTokenizer` on hundreds of texts (`clip-tokenizer.spec.ts`). The `tokenizers`
 * library returns other ids, since it does not mend texts.
 *
 * @example
 * new ClipTokenizer(json).encode('a cat', 77); // [49406, 320, 2368, 49407]
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

  /** Stops as soon as there are enough ids: what is cut off need not be encoded. */
  encode(text: string, lengthMax: number): number[] {
    const room = Math.max(0, lengthMax - 2);
    const body = encodeStart(text, lengthMax, (start) => this.attempt(text, room, start)) ?? [];
    return [this.startId, ...body, this.endId].slice(-lengthMax);
  }

  /** Returns at most `room` ids of the text's beginning; undefined when they depend on what follows. */
  private attempt(text: string, room: number, { end, isCut, isInWord }: TextStart): number[] | undefined {
    const mended = mendText(text, end).toLowerCase();
    const whole = isInWord ? mended.slice(0, -MARGIN) : mended;
    const ids: number[] = [];
    for (const { 0: word, index } of whole.matchAll(WORD)) {
      if (ids.length >= room) break;
      const isOpen = isInWord && index + word.length === whole.length;
      const found = this.wordIds(word, room - ids.length, isOpen);
      if (!found) return undefined;
      for (const id of found) ids.push(id);
    }
    if (isCut && ids.length < room) return undefined;
    return ids.slice(0, room);
  }

  private wordIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined {
    if (word === START) return [this.startId];
    if (word === END) return [this.endId];
    if (isOpen || word.length > CACHED_CHARACTERS_MAX) {
      return firstOfWord(this.symbols(word, isOpen), this.merges, count, isOpen);
    }
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const { ids } = mergeWord(this.symbols(word, false), this.merges);
    if (this.words.size >= CACHED_WORDS_MAX) this.words.clear();
    this.words.set(word, ids);
    return ids;
  }

  private symbols(word: string, isOpen: boolean): number[] {
    const bytes = this.utf8.encode(word);
    const last = isOpen ? -1 : bytes.length - 1;
    return Array.from(bytes, (byte, at) => (at === last ? this.lastByteIds[byte] : this.byteIds[byte]) ?? this.endId);
  }
}

function idOf(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw modelBroken('tokenizer.json lacks a token that CLIP needs', token);
  return id;
}
