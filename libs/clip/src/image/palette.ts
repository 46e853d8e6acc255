/**
 * Whether a palette (three bytes an entry) is the grays in their order, so that an index is its own brightness. Pillow
 * then forgets the palette and opens the file as gray.
 */
export function isGrays(palette: Uint8Array): boolean {
  return palette.every((value, at) => value === Math.trunc(at / 3));
}
