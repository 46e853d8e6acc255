import type { FileMode } from './file-mode.js';
import type { Picture } from './picture.js';
import { openImage, rawGray16Of, rawOf } from './sharp-engine.js';

/**
 * Decodes a file with libvips to what Pillow's `Image.open` gives for it. `mode` is what `fileModeOf` says of the file.
 * A TIFF whose colours have alpha multiplied in comes divided out, rounded by libvips: at most a step off Pillow.
 * Throws `image_unreadable`.
 */
export async function decode(bytes: Uint8Array, mode: FileMode, pixelsMax: number): Promise<Picture> {
  const image = openImage(bytes, pixelsMax);
  switch (mode) {
    case 'CMYK':
      return { ...(await rawOf(image.pipelineColourspace('cmyk').toColourspace('cmyk'))), mode };
    case 'I;16':
      return rawGray16Of(image.removeAlpha());
    case 'RGBA':
      return { ...(await rawOf(image)), mode };
    default:
      return { ...(await rawOf(image.removeAlpha())), mode };
  }
}
