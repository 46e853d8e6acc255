import type { Kernel } from '../../files/preprocessing.js';

/** Where the model's square lies in a picture that has been resized. All in pixels. */
export interface Geometry {
  /** Size of the whole picture after resizing, before cropping. */
  readonly width: number;
  readonly height: number;
  /** Top left corner of the square, and its side. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
  /** Which pixels weigh in when the picture is resized; bicubic when left out. */
  readonly kernel?: Kernel;
}

/**
 * torchvision's `Resize(resizeTo)` and `CenterCrop(cropTo)`, to the pixel: the long side is cut down to a whole number
 * and the crop's corner rounds half to even, as Python's `int` and `round` do. A rounding off by one would shift every
 * pixel and cost parity.
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
 * The whole picture as a square, its proportions given up: what SigLIP was trained on (`resize_mode: squash` of
 * open_clip). Only Hugging Face's processors crop it then, from a corner that is rounded down (`center_crop`).
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
