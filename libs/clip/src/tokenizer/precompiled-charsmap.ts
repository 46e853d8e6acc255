import { modelBroken } from '../files/json-fields.js';

/** Bits of a unit of a Darts double array (spm_precompiled, after https://github.com/s-yata/darts-clone). */
const HAS_LEAF = 0x100;
const LABEL = 0x800000ff;
const VALUE = 0x7fffffff;
/** Longer graphemes are looked up character by character (Rust's `normalizers/precompiled.rs`). */
const GRAPHEME_BYTES_MAX = 5;
const ASCII = /^[\0-\x7f]*$/;
/** Characters repeat. A full cache starts anew. */
const CACHED_MAX = 20_000;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const utf8 = new TextEncoder();

/**
 * Replaces characters by SentencePiece's table, as Rust's `Precompiled` does: a grapheme of up to five bytes as a
 * whole, others character by character, each by the shortest entry that it begins with. SentencePiece itself would take
 * the longest, but models are used with Rust's result.
 */
export class PrecompiledCharsmap {
  private readonly units: Uint32Array;
  private readonly replacements: Uint8Array;
  private readonly known = new Map<string, string | undefined>();

  /**
   * `base64` holds four bytes with the trie's length, the trie, and the replacements, each with a zero byte after it.
   */
  constructor(base64: unknown) {
    const bytes = Uint8Array.from(Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64'));
    const trieBytes = bytes.length < 4 ? NaN : new DataView(bytes.buffer).getUint32(0, true);
    if (!(trieBytes > 0 && trieBytes % 4 === 0 && 4 + trieBytes <= bytes.length)) {
      throw modelBroken('the precompiled_charsmap of tokenizer.json is damaged', `${bytes.length} bytes`);
    }
    this.units = new Uint32Array(bytes.buffer.slice(4, 4 + trieBytes));
    this.replacements = bytes.subarray(4 + trieBytes);
  }

  normalize(text: string): string {
    let normalized = '';
    for (const part of ASCII.test(text) ? (text.match(/\r\n|[^]/g) ?? []) : partsOf(text))
      normalized += this.part(part);
    return normalized;
  }

  private part(grapheme: string): string {
    if (grapheme.length <= GRAPHEME_BYTES_MAX) {
      const whole = this.replacement(grapheme);
      if (whole !== undefined) return whole;
    }
    let normalized = '';
    for (const character of grapheme) normalized += this.replacement(character) ?? character;
    return normalized;
  }

  private replacement(part: string): string | undefined {
    if (this.known.has(part)) return this.known.get(part);
    const bytes = utf8.encode(part);
    const isWhole = bytes.length <= GRAPHEME_BYTES_MAX || Array.from(part).length === 1;
    const found = isWhole ? this.lookUp(bytes) : undefined;
    if (this.known.size >= CACHED_MAX) this.known.clear();
    this.known.set(part, found);
    return found;
  }

  /** Returns the replacement of the shortest entry that `key` begins with; undefined when there is none. */
  private lookUp(key: Uint8Array): string | undefined {
    let at = offsetOf(this.unit(0));
    for (const byte of key) {
      if (byte === 0) return undefined;
      at ^= byte;
      const unit = this.unit(at);
      if ((unit & LABEL) >>> 0 !== byte) return undefined;
      at ^= offsetOf(unit);
      if ((unit & HAS_LEAF) !== 0) return this.replacementAt(this.unit(at) & VALUE);
    }
    return undefined;
  }

  private unit(at: number): number {
    return this.units[at] ?? 0;
  }

  private replacementAt(start: number): string {
    const end = this.replacements.indexOf(0, start);
    return Buffer.from(this.replacements.subarray(start, end < 0 ? undefined : end)).toString('utf8');
  }
}

function offsetOf(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}

function* partsOf(text: string): Iterable<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}
