/** 8-bit samples, row by row, the `channels` of a pixel side by side. `width` and `height` are in pixels. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * A decoded picture in the mode in which Pillow opens the file, because resizing depends on it: `1` (black and white)
 * and `P` (palette) by nearest pixel, `LA` and `RGBA` premultiplied, the others as they are. In `CMYK` 255 is full ink.
 */
export interface BytePicture extends Raster {
  readonly mode: '1' | 'L' | 'LA' | 'P' | 'RGB' | 'RGBA' | 'CMYK' | 'YCbCr';
  /** Red, green and blue of each index of a `P` with one channel. A `P` without it has the colours in its pixels. */
  readonly palette?: Uint8Array;
}

/**
 * Gray of more than 8 bits, which Pillow resizes unclipped and clips to 0 … 255 when it converts to RGB: `I;16` is
 * unsigned, `I` signed, `F` floating point.
 */
export type WidePicture = {
  readonly width: number;
  readonly height: number;
} & (
  | { readonly mode: 'I;16'; readonly data: Uint16Array }
  | { readonly mode: 'I'; readonly data: Int32Array }
  | { readonly mode: 'F'; readonly data: Float32Array }
);

export type Picture = BytePicture | WidePicture;

/**
 * Tells whether a palette (three bytes an entry) holds the grays in their order, so that an index is its own
 * brightness. Pillow then drops the palette and opens the file as gray.
 */
export function isGrays(palette: Uint8Array): boolean {
  return palette.every((value, at) => value === Math.trunc(at / 3));
}
