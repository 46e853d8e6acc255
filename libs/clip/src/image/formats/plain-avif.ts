import { boxesIn, SIZE_BYTES, type Span, TYPE_BYTES } from './avif-boxes.js';

/**
 * Changes an AVIF so that libvips decodes what Pillow shows. libheif rotates and mirrors as the file's properties say,
 * Pillow does not: each `irot` and `imir` becomes a rotation by 0. libvips does not open an animation, though its first
 * picture is there as in any AVIF: its brand becomes `avif`. It changes a copy. Source of the layout: ISO/IEC 14496-12,
 * 4.3, and 23008-12, 6.5.10 and 6.5.12.
 */
export function plainAvif(bytes: Uint8Array): Uint8Array {
  const file = bufferOf(bytes);
  const turns = [...propertiesOf(file, 'irot'), ...propertiesOf(file, 'imir')];
  const isAnimated = file.toString('latin1', BRAND_AT, BRAND_AT + TYPE_BYTES) === 'avis';
  if (turns.length === 0 && !isAnimated) return bytes;
  const copy = Buffer.from(bytes);
  for (const { from } of turns) copy.write('irot\0', from - TYPE_BYTES, 'latin1');
  if (isAnimated) copy.write('avif', BRAND_AT, 'latin1');
  return copy;
}

/**
 * Tells whether the colours are premultiplied with alpha, which libheif does not undo. Source: ISO/IEC 23008-12,
 * 6.10.1.
 */
export function isPremultipliedAvif(bytes: Uint8Array): boolean {
  return (boxesIn(bufferOf(bytes), ['meta', 'iref', 'prem']) ?? []).length > 0;
}

/**
 * Tells whether an AVIF is gray from 16 to 235, which libheif does not spread: every AV1 configuration is monochrome
 * (that of alpha always is), and the colour information has the limited range. Source: "AV1 Codec ISO Media File Format
 * Binding", 2.3, and ISO/IEC 14496-12, 12.1.5.
 */
export function isLimitedGrayAvif(bytes: Uint8Array): boolean {
  const file = bufferOf(bytes);
  const configurations = propertiesOf(file, 'av1C');
  const isGray = configurations.every(({ from }) => ((file[from + 2] ?? 0) & MONOCHROME_BIT) !== 0);
  const colours = propertiesOf(file, 'colr').filter(({ from }) => file.toString('latin1', from, from + 4) === 'nclx');
  const isLimited = colours.some(({ from }) => ((file[from + FULL_RANGE_AT] ?? 0) & FULL_RANGE_BIT) === 0);
  return configurations.length > 0 && isGray && isLimited;
}

/** The place of the brand in the first box, `ftyp`. */
const BRAND_AT = SIZE_BYTES + TYPE_BYTES;
/** A bit of the third byte of `av1C`. */
const MONOCHROME_BIT = 0x10;
/** In an `nclx` colour box, after its type and three numbers of 16 bits. */
const FULL_RANGE_AT = 10;
const FULL_RANGE_BIT = 0x80;

function propertiesOf(file: Buffer, type: string): readonly Span[] {
  return boxesIn(file, ['meta', 'iprp', 'ipco', type]) ?? [];
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
