/** 8-bit samples, row by row, `channels` of them side by side in a pixel. `width` and `height` in pixels. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * A decoded picture in the mode in which Pillow opens the file, because resizing depends on it: `1` (black and white)
 * and `P` (palette) by nearest pixel, `LA` and `RGBA` premultiplied, the others as they are.
 * `CMYK` has 255 for full ink.
 */
export interface BytePicture extends Raster {
  readonly mode: '1' | 'L' | 'LA' | 'P' | 'RGB' | 'RGBA' | 'CMYK' | 'YCbCr';
  /** Red, green and blue of each index of a `P` of one channel; without it a `P` has its colours in its pixels. */
  readonly palette?: Uint8Array;
}

/**
 * Gray of more than 8 bits, which Pillow resizes unclipped and clips to 0 … 255 when it converts to RGB: `I;16` from 0,
 * `I` signed, `F` in floating point.
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
 * Whether a palette (three bytes an entry) is the grays in their order, so that an index is its own brightness. Pillow
 * then forgets the palette and opens the file as gray.
 */
export function isGrays(palette: Uint8Array): boolean {
  return palette.every((value, at) => value === Math.trunc(at / 3));
}
