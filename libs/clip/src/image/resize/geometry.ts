import type { Kernel } from '../../files/preprocessing.js';

/** The place of the model's square in a resized picture. All in pixels. */
export interface Geometry {
  /** Size of the whole picture after resizing and before cropping. */
  readonly width: number;
  readonly height: number;
  /** Top left corner of the square, and its side. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
  /** The filter that resizes the picture; bicubic by default. */
  readonly kernel?: Kernel;
}

/**
 * Computes torchvision's `Resize(resizeTo)` and `CenterCrop(cropTo)` to the pixel. As Python's `int` and `round` do,
 * the long side is truncated, and the crop's corner rounds half to even. A rounding error of one would shift every
 * pixel.
 *
 * @example
 * cropGeometry(640, 480, 224, 224); // { width: 298, height: 224, left: 37, top: 0, side: 224 }
 */
export function cropGeometry(width: number, height: number, resizeTo: number, cropTo: number): Geometry {
  const newWidth = width <= height ? resizeTo : Math.trunc((resizeTo * width) / height);
  const newHeight = width <= height ? Math.trunc((resizeTo * height) / width) : resizeTo;
  return {
    width: newWidth,
    height: newHeight,
    left: roundHalfToEven((newWidth - cropTo) / 2),
    top: roundHalfToEven((newHeight - cropTo) / 2),
    side: cropTo,
  };
}

/**
 * Resizes the whole picture to a square without keeping its proportions, as SigLIP was trained (`resize_mode: squash`
 * of open_clip). Only Hugging Face's processors crop it then, from a corner that is rounded down (`center_crop`).
 */
export function squashGeometry(resizeTo: number, cropTo: number): Geometry {
  const corner = Math.floor((resizeTo - cropTo) / 2);
  return { width: resizeTo, height: resizeTo, left: corner, top: corner, side: cropTo };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
