import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type ImageLimits, IMAGE_LIMITS_DEFAULT } from './image-limits.js';
import { loadSquare, squareOfPixels } from './load-square.js';

const FILES = 'test/reference/images/files';
const small = { resizeTo: 32, cropTo: 32, mean: [0, 0, 0], std: [1, 1, 1] } as const;
const file = (name: string): Buffer => readFileSync(`${FILES}/${name}`);

async function outcome(bytes: Uint8Array, limits: ImageLimits = IMAGE_LIMITS_DEFAULT): Promise<string> {
  return loadSquare(bytes, small, limits).then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );
}

describe('loading an image', () => {
  it.each(readdirSync(FILES).filter((name) => !/^(tiff|(gif|avif)-animated|.*1x1|.*2x3|png-upscaled-rgba)/.test(name)))(
    'that is cut off fails: %s',
    async (name) => {
      const bytes = file(name);

      expect(await outcome(bytes.subarray(0, Math.trunc(bytes.length * 0.6)))).toBe('image_unreadable');
    },
  );

  it('ignores what follows the picture', async () => {
    for (const name of ['jpeg-420.jpeg', 'png-rgb.png', 'gif-static.gif', 'bmp-24.bmp']) {
      expect(await outcome(Buffer.concat([file(name), Buffer.from('trailing junk')]))).toBe('ok');
    }
  });

  it.each([
    ['SVG', '<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
    ['SVG without a prolog', '  <svg viewBox="0 0 1 1"/>'],
    ['PDF', '%PDF-1.7 ...'],
    ['PostScript', '%!PS-Adobe-3.0 EPSF-3.0'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['Netpbm', 'P6 1 1 255\nabc'],
    ['icons', '\0\0\x01\0\x01\0'],
  ])('refuses %s by its bytes', async (_, content) => {
    expect(await outcome(Buffer.from(content, 'latin1'))).toBe('image_format_refused');
  });

  it('tells Targa by its end, although it begins like an icon', async () => {
    const targa = Buffer.from('\0\0\x02\0 pixels TRUEVISION-XFILE.\0', 'latin1');

    await expect(loadSquare(targa, small, IMAGE_LIMITS_DEFAULT)).rejects.toThrow('Targa (TGA) are not accepted');
  });

  it('calls bytes of no known kind unreadable, and none at all empty', async () => {
    expect(await outcome(Buffer.from('hello world'))).toBe('image_unreadable');
    expect(await outcome(new Uint8Array())).toBe('item_empty');
  });

  it('refuses a file above the byte limit without looking at it', async () => {
    expect(await outcome(new Uint8Array(11), { bytesMax: 10, pixelsMax: 10 })).toBe('image_too_large');
  });

  it.each([
    'jpeg-420.jpeg',
    'png-rgb.png',
    'webp-lossy.webp',
    'gif-static.gif',
    'bmp-24.bmp',
    'tiff-rgb.tiff',
    'avif-lossy.avif',
  ])('refuses more pixels than allowed: %s', async (name) => {
    expect(await outcome(file(name), { bytesMax: 1e6, pixelsMax: 6_000 })).toBe('image_too_large');
  });

  it('refuses a small file that would unpack to gigabytes, by its header', async () => {
    const png = file('png-rgb.png');
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    const gif = file('gif-static.gif');
    gif.writeUInt16LE(65_535, 6);
    gif.writeUInt16LE(65_535, 8);
    const bmp = file('bmp-24.bmp');
    bmp.writeInt32LE(2_000_000_000, 18);

    expect(await outcome(gif)).toBe('image_too_large');
    expect(await outcome(bmp)).toBe('image_too_large');
    expect(['image_too_large', 'image_unreadable']).toContain(await outcome(png));
  });

  it("says in its error neither a path nor the decoder's own words", async () => {
    const error: unknown = await loadSquare(file('jpeg-420.jpeg').subarray(0, 900), small, IMAGE_LIMITS_DEFAULT).catch(
      (thrown: unknown) => thrown,
    );

    expect(String(error)).toContain('Send a complete JPEG, PNG');
    expect(String(error)).not.toMatch(/vips|\//i);
  });
});

describe('raw pixels', () => {
  it('give the square of the same picture in a file', async () => {
    const { data, info } = await sharp(file('png-upscaled.png')).raw().toBuffer({ resolveWithObject: true });
    const pixels = { data, width: info.width, height: info.height, channels: 3 } as const;

    const large = { ...small, resizeTo: 64, cropTo: 64 };
    const fromFile = await loadSquare(file('png-upscaled.png'), large, IMAGE_LIMITS_DEFAULT);
    expect(Buffer.compare(squareOfPixels(pixels, large, IMAGE_LIMITS_DEFAULT), fromFile)).toBe(0);
  });

  it('are squashed whole before the centre is cut out, where a model asks for both', () => {
    const columns = Array.from({ length: 16 }, (_, x) => (x >= 6 && x < 10 ? 255 : 0));
    const pixels = { data: Uint8Array.from([...columns, ...columns]), width: 16, height: 2, channels: 1 } as const;
    const row = (fit: 'squash' | 'crop') => {
      const bytes = squareOfPixels(pixels, { ...small, resizeTo: 8, cropTo: 4, fit }, IMAGE_LIMITS_DEFAULT);
      return [0, 1, 2, 3].map((x) => (bytes[3 * x] ?? NaN) > 127);
    };

    expect(row('squash')).toEqual([false, true, true, false]);
    expect(row('crop')).toEqual([true, true, true, true]);
  });

  it('are refused when they are fewer than their size says, or too many', () => {
    const pixels = { data: new Uint8Array(11), width: 2, height: 2, channels: 3 } as const;
    const large = { data: new Uint8Array(12), width: 4, height: 3, channels: 1 } as const;

    expect(() => squareOfPixels(pixels, small, IMAGE_LIMITS_DEFAULT)).toThrow(/array/);
    expect(() => squareOfPixels(large, small, { bytesMax: 10, pixelsMax: 11 })).toThrow(/4 x 3 pixels/);
  });
});
