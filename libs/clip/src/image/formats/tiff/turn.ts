import type { Picture } from '../../picture.js';

/**
 * Turns a picture as an orientation of EXIF or TIFF (tag 274) says. 1 and invalid orientations leave it as it is.
 * Source: `exif_transpose` of Pillow's `ImageOps.py`.
 */
export function turned(picture: Picture, orientation: number): Picture {
  if (!(orientation >= 2 && orientation <= 8)) return picture;
  const { width, height } = picture;
  const isOnItsSide = orientation >= 5;
  const size = isOnItsSide ? { width: height, height: width } : { width, height };
  const isFlippedAcross = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const isFlippedDown = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const fromOf = (x: number, y: number): number => {
    const [column, row] = isOnItsSide ? [y, x] : [x, y];
    return (isFlippedDown ? height - 1 - row : row) * width + (isFlippedAcross ? width - 1 - column : column);
  };
  const channels = 'channels' in picture ? picture.channels : 1;
  const moved = <Data extends Samples>(from: Data, to: Data): Data => {
    moveSamples(from, to, channels, size, fromOf);
    return to;
  };
  switch (picture.mode) {
    case 'I;16':
      return { ...picture, ...size, data: moved<Uint16Array>(picture.data, new Uint16Array(picture.data.length)) };
    case 'I':
      return { ...picture, ...size, data: moved<Int32Array>(picture.data, new Int32Array(picture.data.length)) };
    case 'F':
      return { ...picture, ...size, data: moved<Float32Array>(picture.data, new Float32Array(picture.data.length)) };
    default:
      return { ...picture, ...size, data: moved<Uint8Array>(picture.data, new Uint8Array(picture.data.length)) };
  }
}

interface Samples {
  readonly length: number;
  [at: number]: number;
}

function moveSamples(
  from: Samples,
  to: Samples,
  channels: number,
  { width, height }: { readonly width: number; readonly height: number },
  fromOf: (x: number, y: number) => number,
): void {
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = fromOf(x, y) * channels;
      for (let channel = 0; channel < channels; channel++) to[at++] = from[source + channel] ?? 0;
    }
  }
}
