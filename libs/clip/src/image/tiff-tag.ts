const LITTLE_ENDIAN = 0x49;
const ENTRY_BYTES = 12;
const SHORT = 3;

/**
 * The first value of a numeric tag of a TIFF's first page, or undefined when the page does not have it or the file is
 * too damaged to say; the decoder then has the last word. Only tags of one or two 16-bit values can be asked for.
 * Source of the layout: Adobe, "TIFF Revision 6.0", section 2.
 */
export function tiffTag(bytes: Uint8Array, tag: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === LITTLE_ENDIAN;
  if (view.byteLength < 8) return undefined;
  const page = view.getUint32(4, little);
  if (page + 2 > view.byteLength) return undefined;
  const count = view.getUint16(page, little);
  for (let entry = page + 2; entry < page + 2 + count * ENTRY_BYTES; entry += ENTRY_BYTES) {
    if (entry + ENTRY_BYTES > view.byteLength) return undefined;
    if (view.getUint16(entry, little) !== tag) continue;
    return view.getUint16(entry + 2, little) === SHORT ? view.getUint16(entry + 8, little) : undefined;
  }
  return undefined;
}
