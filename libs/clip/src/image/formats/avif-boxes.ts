/** The content of a box: offsets in the file. */
export interface Span {
  readonly from: number;
  readonly end: number;
}

export const SIZE_BYTES = 4;
export const TYPE_BYTES = 4;
const HEADER_BYTES = SIZE_BYTES + TYPE_BYTES;
/** Version and flags, which precede the boxes in a `meta` or an `iref`. */
const VERSION_BYTES = 4;
/** Most boxes that are read. Files have a few dozen. */
const BOXES_MAX = 500;

/**
 * Finds the boxes at the end of a path. Of a damaged file it returns what was found; the decoder decides. A box of more
 * than 4 GiB, or up to the end of the file, ends the search, since only pixels are that large. Returns undefined when
 * the file has too many boxes. Source of the layout: ISO/IEC 14496-12, 4.2 and 4.3.
 *
 * @example
 * boxesIn(file, ['meta', 'iprp', 'ipco', 'ispe']); // the sizes of all pictures
 */
export function boxesIn(file: Buffer, path: readonly string[]): readonly Span[] | undefined {
  let spans: readonly Span[] = [{ from: 0, end: file.length }];
  let left = BOXES_MAX;
  for (const type of path) {
    const found: Span[] = [];
    for (const span of spans) {
      left -= boxesOf(file, span, type, found, left);
      if (left <= 0) return undefined;
    }
    spans = found;
  }
  return spans;
}

/** Adds the boxes of one type to `found`, and returns how many boxes it has read: at most `most`. */
function boxesOf(file: Buffer, { from, end }: Span, type: string, found: Span[], most: number): number {
  const wanted = Buffer.from(type, 'latin1').readUInt32BE();
  let read = 0;
  for (let start = from, size: number; start + HEADER_BYTES < end && read < most; start += size, read += 1) {
    size = file.readUInt32BE(start);
    if (size <= HEADER_BYTES || start + size > end) break;
    if (file.readUInt32BE(start + SIZE_BYTES) !== wanted) continue;
    found.push({
      from: start + HEADER_BYTES + (type === 'meta' || type === 'iref' ? VERSION_BYTES : 0),
      end: start + size,
    });
  }
  return read;
}
