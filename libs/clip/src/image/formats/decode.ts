import type { Sharp } from 'sharp';
import type { FileMode } from './file-mode.js';
import type { Picture } from '../picture.js';
import { rawGray16Of, rawOf } from './sharp-engine.js';

/**
 * Decodes a file, opened by `openImage`, to what Pillow's `Image.open` gives for it. `mode` is what `fileModeOf` says.
 * Throws `image_unreadable`.
 */
export async function decode(image: Sharp, mode: FileMode): Promise<Picture> {
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
