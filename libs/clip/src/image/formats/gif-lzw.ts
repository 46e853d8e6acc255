import { imageUnreadable } from '../image-errors.js';

const CODE_BITS_MAX = 12;
const NONE = -1;

/**
 * Unpacks GIF's LZW to exactly `count` palette indexes. `rootBits` is the "minimum code size" of the frame. As in
 * Pillow it may be more than the 8 bits of an index, of which the lower 8 count then. Work and memory are bounded by
 * `count`, whatever the codes say. Source: GIF89a specification, appendix F. Throws `image_unreadable` for an
 * impossible code, and when the data ends before the picture is full.
 */
export function decodeLzw(data: Uint8Array, rootBits: number, count: number): Uint8Array {
  if (rootBits < 1 || rootBits >= CODE_BITS_MAX) throw imageUnreadable(`a GIF with codes of ${rootBits} bits`);
  const clear = 1 << rootBits;
  const end = clear + 1;
  const table = new LzwTable(clear);
  const out = new Uint8Array(count);
  let filled = 0;
  let previous = NONE;
  let bits = 0;
  let held = 0;
  for (let from = 0; filled < count;) {
    while (held < table.codeBits && from < data.length) {
      bits |= (data[from++] ?? 0) << held;
      held += 8;
    }
    if (held < table.codeBits) throw imageUnreadable('GIF data ends before the picture is full');
    const code = bits & ((1 << table.codeBits) - 1);
    bits >>>= table.codeBits;
    held -= table.codeBits;
    if (code === end) throw imageUnreadable('GIF data ends before the picture is full');
    if (code === clear) {
      table.clear();
      previous = NONE;
    } else {
      filled = table.write(code, previous, out, filled);
      previous = code;
    }
  }
  return out;
}

/** The strings so far, each as its last index and the code of the string before that. */
class LzwTable {
  codeBits: number;
  private size: number;
  private readonly prefix = new Int16Array(1 << CODE_BITS_MAX).fill(NONE);
  private readonly suffix = new Uint8Array(1 << CODE_BITS_MAX);
  private readonly length = new Uint16Array(1 << CODE_BITS_MAX).fill(1);

  constructor(private readonly roots: number) {
    for (let root = 0; root < roots; root++) this.suffix[root] = root;
    this.size = roots + 2;
    this.codeBits = Math.log2(roots) + 1;
  }

  clear(): void {
    this.size = this.roots + 2;
    this.codeBits = Math.log2(this.roots) + 1;
  }

  /**
   * Writes the string of `code` and adds the string that it implies. A code that is just being added stands for the
   * previous string and its own first index. Returns how far `out` is filled.
   */
  write(code: number, previous: number, out: Uint8Array, filled: number): number {
    const isNew = code === this.size && previous !== NONE;
    if (code >= this.size && !isNew) throw imageUnreadable(`GIF code ${code} is not known yet`);
    if (previous === NONE && code >= this.roots) throw imageUnreadable(`GIF code ${code} comes first`);
    if (previous !== NONE) this.add(previous, this.firstOf(isNew ? previous : code));
    const length = this.length[code] ?? 1;
    for (let at = filled + length - 1, link = code; link !== NONE && at >= filled; at--) {
      out[at] = this.suffix[link] ?? 0;
      link = this.prefix[link] ?? NONE;
    }
    return filled + length;
  }

  private add(previous: number, last: number): void {
    if (this.size >= 1 << CODE_BITS_MAX) return;
    this.prefix[this.size] = previous;
    this.suffix[this.size] = last;
    this.length[this.size] = (this.length[previous] ?? 0) + 1;
    this.size++;
    if (this.size === 1 << this.codeBits && this.codeBits < CODE_BITS_MAX) this.codeBits++;
  }

  private firstOf(code: number): number {
    let link = code;
    for (let next = this.prefix[link] ?? NONE; next !== NONE; next = this.prefix[link] ?? NONE) link = next;
    return this.suffix[link] ?? 0;
  }
}
