/**
 * The AVIF as libvips has to get it to answer what Pillow shows. libheif rotates and mirrors as the file's properties say
 * and Pillow does not: each such property, `irot` and `imir` alike, becomes a rotation by 0. An animation calls itself
 * one and libvips then does not know it, though its first picture is there as in any AVIF: it is called `avif`. Changes
 * are made in a copy. Source of the layout: ISO/IEC 14496-12, 4.2 and 4.3, and 23008-12, 6.5.10 and 6.5.12.
 */
export function plainAvif(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const properties = ['meta', 'iprp', 'ipco'].reduce<readonly Span[]>(
    (spans, type) => spans.flatMap((span) => boxesIn(file, span, type)),
    [{ from: 0, end: file.length }],
  );
  const turns = properties.flatMap((span) => [...boxesIn(file, span, 'irot'), ...boxesIn(file, span, 'imir')]);
  const isAnimated = file.toString('latin1', BRAND_AT, BRAND_AT + TYPE_BYTES) === 'avis';
  if (turns.length === 0 && !isAnimated) return bytes;
  const copy = Buffer.from(bytes);
  for (const { from } of turns) copy.write('irot\0', from - TYPE_BYTES, 'latin1');
  if (isAnimated) copy.write('avif', BRAND_AT, 'latin1');
  return copy;
}

/** What a box holds. Offsets in the file. */
interface Span {
  readonly from: number;
  readonly end: number;
}

/** Where the first box, `ftyp`, says what kind of file it is. */
const BRAND_AT = 8;
const SIZE_BYTES = 4;
const TYPE_BYTES = 4;
const HEADER_BYTES = SIZE_BYTES + TYPE_BYTES;
/** What stands in a `meta` before its boxes. */
const META_VERSION_BYTES = 4;

/**
 * The boxes of one type. A damaged file gives what was found, the decoder has the last word; a box of more than 4 GiB or
 * up to the end of the file ends the search, since only pixels are that.
 */
function boxesIn(file: Buffer, { from, end }: Span, type: string): Span[] {
  const found: Span[] = [];
  for (let start = from, size: number; start + HEADER_BYTES < end; start += size) {
    size = file.readUInt32BE(start);
    if (size <= HEADER_BYTES || start + size > end) break;
    if (file.toString('latin1', start + SIZE_BYTES, start + HEADER_BYTES) !== type) continue;
    const skipped = type === 'meta' ? META_VERSION_BYTES : 0;
    found.push({ from: start + HEADER_BYTES + skipped, end: start + size });
  }
  return found;
}
