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
  readonly mode: '1' | 'L' | 'LA' | 'P' | 'RGB' | 'RGBA' | 'CMYK';
  /** Red, green and blue of each index of a `P` of one channel; without it a `P` has its colours in its pixels. */
  readonly palette?: Uint8Array;
}

/** 16-bit gray, which Pillow resizes unclipped and clips to 8 bits when it converts to RGB. */
export interface WidePicture {
  readonly mode: 'I;16';
  readonly data: Uint16Array;
  readonly width: number;
  readonly height: number;
}

export type Picture = BytePicture | WidePicture;
