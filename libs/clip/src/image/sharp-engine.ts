import sharp, { type Metadata, type Sharp } from 'sharp';
import { imageUnreadable } from './image-errors.js';

/**
 * libvips, set up once per process for a service that decodes what strangers send: only the five loaders that we mean
 * to use, no cache (every picture is new), one thread a picture (pictures run side by side).
 */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/**
 * A decoder of `bytes` that behaves as Pillow's `Image.open`: colour profiles and orientation are ignored, only the
 * first page counts, a file that ends too early is an error and lesser flaws are not.
 */
export function openImage(bytes: Uint8Array, pixelsMax: number): Sharp {
  return sharp(bytes, {
    failOn: 'error',
    limitInputPixels: pixelsMax,
    ignoreIcc: true,
    autoOrient: false,
    pages: 1,
    page: 0,
  });
}

/** Raw pixels, with what sharp says of them. Buffer: one sample after the other, row by row. */
export interface RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Decoded pixels as the start of another pipeline. */
export function openRaw({ data, width, height, channels }: RawImage): Sharp {
  if (channels !== 1 && channels !== 3) throw imageUnreadable(`${channels} channels`);
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Runs a pipeline to raw 8-bit samples. Throws `image_unreadable`. */
export async function rawOf(pipeline: Sharp): Promise<RawImage> {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true }).catch(unreadable);
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Raw 16-bit samples as they are in a gray file. Throws `image_unreadable`. */
export async function rawGray16Of(pipeline: Sharp): Promise<RawImage & { readonly samples: Uint16Array }> {
  const wide = pipeline.toColourspace('grey16').raw({ depth: 'ushort' });
  const { data, info } = await wide.toBuffer({ resolveWithObject: true }).catch(unreadable);
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return { data, samples, width: info.width, height: info.height, channels: info.channels };
}

/** The header, before anything is decoded. Throws `image_unreadable`. */
export function headerOf(bytes: Uint8Array): Promise<Metadata> {
  return sharp(bytes, { limitInputPixels: false }).metadata().catch(unreadable);
}

function unreadable(cause: unknown): never {
  throw imageUnreadable(cause instanceof Error ? cause.message : String(cause));
}
