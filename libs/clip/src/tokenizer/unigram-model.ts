import { type Fields, modelBroken } from '../files/json-fields.js';
import type { TokenModel } from './token-model.js';

/** An unknown character scores this much less than the worst token (`K_UNK_PENALTY` of SentencePiece and Rust). */
const UNKNOWN_PENALTY = 10;
/** How often to check whether the ids asked for are certain, in UTF-16 units. */
const CHECK_EVERY = 512;

/** The likeliest segmentation of a word up to a place: its score and its last token. */
interface Way {
  readonly score: number;
  readonly start: number;
  readonly id: number;
}

interface TrieNode {
  readonly children: Map<number, TrieNode>;
  id?: number;
}

/** SentencePiece's unigram model. It finds the likeliest tokens of a word, as Rust's `encode_optimized` does. */
export class UnigramModel implements TokenModel {
  readonly vocabulary = new Map<string, number>();
  private readonly scores: number[] = [];
  private readonly root: TrieNode = { children: new Map() };
  private readonly unknownId: number | undefined;
  private readonly unknownScore: number;
  private readonly byteIds: readonly (number | undefined)[];
  private longest = 1;
  private readonly utf8 = new TextEncoder();

  constructor(private readonly model: Fields) {
    const { vocab, unk_id } = model;
    if (!Array.isArray(vocab) || vocab.length === 0)
      throw modelBroken('tokenizer.json lacks a vocabulary', typeof vocab);
    let least = Infinity;
    for (const entry of vocab) least = Math.min(least, this.add(entry));
    this.unknownScore = least - UNKNOWN_PENALTY;
    this.unknownId = typeof unk_id === 'number' ? unk_id : undefined;
    if (this.unknownId !== undefined && this.unknownId >= this.scores.length) {
      throw modelBroken('tokenizer.json names an unknown token outside its vocabulary', String(unk_id));
    }
    this.byteIds = Array.from({ length: 256 }, (_, byte) =>
      this.vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
  }

  get size(): number {
    return this.scores.length;
  }

  firstIds(word: string, count: number, isOpen: boolean): readonly number[] | undefined {
    const ways: (Way | undefined)[] = [{ score: 0, start: 0, id: 0 }];
    let checkAt = CHECK_EVERY;
    for (let at = 0; at < word.length; at += (word.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
      if (at >= checkAt) {
        const ids = this.idsTo(word, ways, this.certainEnd(ways, at));
        // One more than asked for, since a run of unknown characters may continue.
        if (ids.length > count) return ids;
        checkAt = Math.max(2 * at, at + CHECK_EVERY);
      }
      this.extend(word, ways, at);
    }
    if (!isOpen) return this.idsTo(word, ways, word.length);
    const ids = this.idsTo(word, ways, this.certainEnd(ways, word.length));
    return ids.length > count ? ids : undefined;
  }

  private add(entry: unknown): number {
    const [token, score]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof token !== 'string' || typeof score !== 'number') {
      throw modelBroken('tokenizer.json has a token without a score', JSON.stringify(entry));
    }
    const id = this.scores.push(score) - 1;
    this.vocabulary.set(token, id);
    this.longest = Math.max(this.longest, token.length);
    let node = this.root;
    for (let at = 0; at < token.length; at++) {
      const unit = token.charCodeAt(at);
      const child = node.children.get(unit) ?? { children: new Map() };
      node.children.set(unit, child);
      node = child;
    }
    node.id = id;
    return score;
  }

  /** Tries every token that begins at `at`, and keeps the best way to each end. */
  private extend(word: string, ways: (Way | undefined)[], at: number): void {
    const till = ways[at]?.score ?? 0;
    const width = (word.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    const offer = (end: number, score: number, id: number): void => {
      const known = ways[end];
      if (!known || score > known.score) ways[end] = { score, start: at, id };
    };
    let hasSingle = false;
    let node: TrieNode | undefined = this.root;
    for (let end = at + 1; end <= word.length; end++) {
      node = node.children.get(word.charCodeAt(end - 1));
      if (!node) break;
      if (node.id === undefined) continue;
      offer(end, (this.scores[node.id] ?? 0) + till, node.id);
      if (end - at === width) hasSingle = true;
    }
    if (hasSingle) return;
    if (this.unknownId === undefined) throw modelBroken('tokenizer.json has no unknown token, but a text needs it', '');
    offer(at + width, this.unknownScore + till, this.unknownId);
  }

  /**
   * Returns the place up to which all ways agree that end within one longest token before `end`. Longer ways agree
   * there too.
   */
  private certainEnd(ways: readonly (Way | undefined)[], end: number): number {
    const places = new Set<number>();
    for (let at = end; at > end - this.longest && at >= 0; at--) if (ways[at]) places.add(at);
    while (places.size > 1) {
      const last = Math.max(...places);
      places.delete(last);
      places.add(ways[last]?.start ?? 0);
    }
    return Math.max(0, ...places);
  }

  private idsTo(word: string, ways: readonly (Way | undefined)[], end: number): number[] {
    const pieces: { start: number; end: number; isUnknown: boolean }[] = [];
    for (let at = end; at > 0;) {
      const way = ways[at];
      const start = way?.start ?? 0;
      const isUnknown = way?.id === this.unknownId;
      const after = pieces.at(-1);
      // Consecutive unknown characters are one piece.
      if (isUnknown && after?.isUnknown) pieces[pieces.length - 1] = { ...after, start };
      else pieces.push({ start, end: at, isUnknown });
      at = start;
    }
    return pieces.reverse().flatMap(({ start, end: to }) => this.idsOf(word.slice(start, to)));
  }

  private idsOf(piece: string): number[] {
    const id = this.vocabulary.get(piece);
    if (id !== undefined) return [id];
    if (this.model['byte_fallback'] === true) {
      const bytes = Array.from(this.utf8.encode(piece), (byte) => this.byteIds[byte]);
      const known = bytes.filter((byte) => byte !== undefined);
      if (known.length === bytes.length) return known;
    }
    return this.unknownId === undefined ? [] : [this.unknownId];
  }
}
