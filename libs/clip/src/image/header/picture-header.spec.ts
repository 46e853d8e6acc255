import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeBmp } from '../formats/bmp.js';
import { decodeGif } from '../formats/gif.js';
import { IMAGE_LIMITS_DEFAULT } from '../image-limits.js';
import { countScans } from './jpeg.js';
import { plainPng } from '../formats/plain-png.js';
import { readTiffDirectory, TAG } from '../formats/tiff/tiff-directory.js';
import { pictureHeaderOf } from './picture-header.js';

const FILES = 'test/reference/images/files';
const file = (name: string): Buffer => readFileSync(`${FILES}/${name}`);
const picture = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 9, g: 8, b: 7, alpha: 0.5 } } });

/** The size that the decoder finds. */
async function decodedSize(name: string): Promise<{ width: number; height: number }> {
  if (name.endsWith('.gif')) return decodeGif(file(name), IMAGE_LIMITS_DEFAULT);
  if (name.endsWith('.bmp')) return decodeBmp(file(name), IMAGE_LIMITS_DEFAULT);
  if (name.endsWith('.tiff')) return tiffSize(name);
  return sharp(name.endsWith('.png') ? plainPng(file(name)) : file(name), { autoOrient: false }).metadata();
}

/** As the file has it, before it is turned. */
function tiffSize(name: string): { width: number; height: number } {
  const tiff = readTiffDirectory(file(name));
  return { width: tiff.one(TAG.width, 0), height: tiff.one(TAG.height, 0) };
}

/** Files whose head is not told: an animation, and a BigTIFF, which therefore counts as the most costly picture. */
const UNTOLD = /^(avif-animated|tiff-bigtiff)/;

describe('the head of a picture', () => {
  it.each(readdirSync(FILES).filter((name) => !UNTOLD.test(name)))(
    'tells the size that the decoder finds: %s',
    async (name) => {
      const { width, height } = await decodedSize(name);
      const told = pictureHeaderOf(file(name));

      expect([told?.width, told?.height].sort()).toEqual([width, height].sort());
    },
  );

  it.each([
    ['jpeg', picture(31, 17).jpeg(), { samples: 3, bits: 8, inPasses: false }],
    ['jpeg', picture(31, 17).jpeg({ progressive: true }), { samples: 3, bits: 8, inPasses: true }],
    ['png', picture(31, 17, 4).png(), { samples: 4, bits: 8, inPasses: false }],
    [
      'png',
      picture(31, 17).toColourspace('rgb16').png({ progressive: true }),
      { samples: 3, bits: 16, inPasses: true },
    ],
    ['webp', picture(31, 17, 4).webp({ lossless: true }), { samples: 4, bits: 8, inPasses: true }],
    ['webp', picture(31, 17, 4).webp(), { samples: 4, bits: 8, inPasses: true }],
    ['webp', picture(31, 17).webp(), { samples: 3, bits: 8, inPasses: true }],
    ['tiff', picture(31, 17, 4).tiff({ compression: 'lzw' }), { samples: 4, bits: 8, inPasses: false }],
    ['avif', picture(31, 17).avif(), { samples: 3, bits: 8, inPasses: true }],
  ] as const)('tells of a %s what makes it costly (%#)', async (format, made, fields) => {
    expect(pictureHeaderOf(await made.toBuffer())).toEqual({ format, width: 31, height: 17, ...fields });
  });

  it('of a GIF counts a frame that reaches beyond the screen', () => {
    const gif = file('gif-static.gif');
    gif.writeUInt16LE(1, 6);
    gif.writeUInt16LE(1, 8);
    const { width, height } = decodeGif(gif, IMAGE_LIMITS_DEFAULT);

    expect(pictureHeaderOf(gif)).toMatchObject({ width, height });
    expect(width).toBeGreaterThan(1);
  });

  it('tells nothing, and takes no long walk, where a file ends or goes on and on before it says its size', () => {
    for (const name of [
      'jpeg-420.jpeg',
      'png-rgb.png',
      'webp-lossy.webp',
      'gif-static.gif',
      'bmp-24.bmp',
      'tiff-rgb.tiff',
    ]) {
      expect(pictureHeaderOf(file(name).subarray(0, 16)), name).toBeUndefined();
    }
    const jpeg = Buffer.concat([
      Buffer.of(0xff, 0xd8),
      Buffer.alloc(8_000, Buffer.of(0xff, 0xe0, 0, 2)),
      file('jpeg-420.jpeg').subarray(2),
    ]);
    expect(pictureHeaderOf(jpeg)).toBeUndefined();
    const gif = file('gif-static.gif');
    const comments = Buffer.alloc(8_000, Buffer.of(0x21, 0xfe, 0, 0));
    const frameAt = gif.indexOf(0x2c, 13 + 3 * 2 ** (((gif[10] ?? 0) & 7) + 1));
    expect(pictureHeaderOf(Buffer.concat([gif.subarray(0, frameAt), comments, gif.subarray(frameAt)]))).toBeUndefined();
  });

  it('of a JPEG counts the walks over the picture', async () => {
    expect(countScans(await picture(31, 17).jpeg().toBuffer(), 100)).toBe(1);
    expect(countScans(await picture(31, 17).jpeg({ progressive: true }).toBuffer(), 100)).toBeGreaterThan(5);
    expect(countScans(await picture(31, 17).jpeg({ progressive: true }).toBuffer(), 3)).toBe(3);
  });
});
