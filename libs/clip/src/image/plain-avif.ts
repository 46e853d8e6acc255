import { boxesIn, SIZE_BYTES, TYPE_BYTES } from './avif-boxes.js';

/**
 * The AVIF as libvips has to get it to answer what Pillow shows. libheif rotates and mirrors as the file's properties say
 * and Pillow does not: each such property, `irot` and `imir` alike, becomes a rotation by 0. An animation calls itself
 * one and libvips then does not know it, though its first picture is there as in any AVIF: it is called `avif`. Changes
 * are made in a copy. Source of the layout: ISO/IEC 14496-12, 4.3, and 23008-12, 6.5.10 and 6.5.12.
 */
export function plainAvif(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const turns = ['irot', 'imir'].flatMap((type) => boxesIn(file, ['meta', 'iprp', 'ipco', type]) ?? []);
  const isAnimated = file.toString('latin1', BRAND_AT, BRAND_AT + TYPE_BYTES) === 'avis';
  if (turns.length === 0 && !isAnimated) return bytes;
  const copy = Buffer.from(bytes);
  for (const { from } of turns) copy.write('irot\0', from - TYPE_BYTES, 'latin1');
  if (isAnimated) copy.write('avif', BRAND_AT, 'latin1');
  return copy;
}

/** Where the first box, `ftyp`, says what kind of file it is. */
const BRAND_AT = SIZE_BYTES + TYPE_BYTES;
