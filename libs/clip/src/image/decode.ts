import type { FileMode } from './file-mode.js';
import type { Picture } from './picture.js';
import { unpremultiplied } from './premultiply.js';
import { openImage, rawGray16Of, rawOf } from './sharp-engine.js';

/**
 * Decodes a file with libvips to what Pillow's `Image.open` gives for it. `mode` is what `fileModeOf` says of the file.
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
    case 'RGBa': {
      const raw = await rawOf(image);
      return { ...raw, data: unpremultiplied(raw.data, raw.channels), mode: 'RGBA' };
    }
    default:
      return { ...(await rawOf(image.removeAlpha())), mode };
  }
}
