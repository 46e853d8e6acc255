import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { COSTLY_MS, costOf, decodingCost, WORK_MS_MAX } from './decoding-cost.js';
import type { PictureHeader } from '../header/picture-header.js';
import { IMAGE_LIMITS_DEFAULT, SIDE_MAX } from '../image-limits.js';
import { loadSquare } from '../load-square.js';

const small = { resizeTo: 32, cropTo: 32, mean: [0, 0, 0], std: [1, 1, 1] } as const;
const FILES = 'test/reference/images/files';

function header(changes: Partial<PictureHeader>): PictureHeader {
  return { format: 'jpeg', width: 1_000, height: 1_000, samples: 3, bits: 8, inPasses: false, ...changes };
}

/** A file of one colour that is `width` x `height`; as small as PNG makes it. */
function flat(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#888' } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

async function refusal(bytes: Uint8Array): Promise<{ code: string; message: string }> {
  return loadSquare(bytes, small, IMAGE_LIMITS_DEFAULT).then(
    () => ({ code: 'ok', message: '' }),
    (error: { code: string; message: string }) => error,
  );
}

describe('what a picture costs', () => {
  it('grows with its pixels, and with what its format makes of them', () => {
    const { workMs } = decodingCost(header({}));

    expect(decodingCost(header({ width: 2_000 })).workMs).toBeCloseTo(2 * workMs);
    for (const dearer of [{ inPasses: true }, { samples: 4 }, { format: 'webp' }, { format: 'avif' }] as const) {
      expect(decodingCost(header(dearer)).workMs).toBeGreaterThan(2 * workMs);
    }
  });

  it('counts a side that is enlarged for what it becomes', () => {
    expect(decodingCost(header({ format: 'gif', width: 1, height: SIDE_MAX, samples: 1 })).workMs).toBeGreaterThan(
      COSTLY_MS,
    );
  });

  it('lets every picture of the default limit through but the slowest formats', () => {
    const largest = { width: 16_383, height: 10_922 };

    for (const format of ['jpeg', 'png', 'webp', 'tiff', 'gif', 'bmp'] as const) {
      for (const samples of [1, 3, 4]) {
        expect(decodingCost(header({ ...largest, format, samples })).workMs).toBeLessThan(WORK_MS_MAX);
      }
    }
    expect(decodingCost(header({ ...largest, format: 'avif' })).workMs).toBeGreaterThan(WORK_MS_MAX);
    expect(decodingCost(header({ width: 8_160, height: 6_144, format: 'avif' })).workMs).toBeLessThan(WORK_MS_MAX);
  });

  it('is nothing for texts and bytes that are no picture, and the most that may be for heads that say nothing', () => {
    const jpeg = readFileSync(`${FILES}/jpeg-420.jpeg`);

    expect(costOf({ kind: 'text', text: 'a cat' }).workMs).toBe(0);
    expect(costOf({ kind: 'image', bytes: Buffer.from('no picture') }).workMs).toBe(0);
    expect(costOf({ kind: 'image', bytes: new Uint8Array() }).workMs).toBe(0);
    expect(costOf({ kind: 'image', bytes: jpeg.subarray(0, 16) }).workMs).toBe(WORK_MS_MAX);
    expect(costOf({ kind: 'image', bytes: jpeg }).workMs).toBeLessThan(10);
  });

  it('is nothing for what is refused by its head', async () => {
    expect(costOf({ kind: 'image', bytes: await flat(1, SIDE_MAX + 1) }).workMs).toBe(0);
  });

  it('counts arrays of pixels too', () => {
    const data = new Uint8Array(10_000);

    expect(costOf({ kind: 'pixels', pixels: { data, width: 100, height: 100, channels: 1 } }).workMs).toBeGreaterThan(
      0,
    );
  });
});

describe('a picture of extreme shape or cost', () => {
  it('is taken with a side as long as any JPEG or GIF can have, either way', async () => {
    expect((await refusal(await flat(1, SIDE_MAX))).code).toBe('ok');
    expect((await refusal(await flat(SIDE_MAX, 1))).code).toBe('ok');
  });

  it('is refused with a side of one pixel more, by name and limit', async () => {
    for (const bytes of [await flat(1, SIDE_MAX + 1), await flat(SIDE_MAX + 1, 1)]) {
      const { code, message } = await refusal(bytes);

      expect(code).toBe('image_too_large');
      expect(message).toContain('65536');
      expect(message).toContain('a side may have at most 65535');
    }
  });

  it('is refused with more pixels than allowed by a message that names size, limit and setting', async () => {
    const png = await flat(2, 2);
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(10_000, 20);

    const { code, message } = await refusal(png);

    expect(code).toBe('image_too_large');
    expect(message).toContain('20000 x 10000 pixels');
    expect(message).toContain('at most 178956970 are allowed (CAS_IMAGE_PIXELS_MAX)');
  });

  it('is refused, by its head, when decoding it takes too long', async () => {
    const avif = await sharp(await flat(16, 16))
      .avif()
      .toBuffer();
    const at = avif.indexOf('ispe') + 8;
    avif.writeUInt32BE(12_000, at);
    avif.writeUInt32BE(10_000, at + 4);

    const { code, message } = await refusal(avif);

    expect(code).toBe('image_too_large');
    expect(message).toContain('12000 x 10000 pixels, 120 million in all; of AVIF files like it at most 86 million');
  });

  it('is refused as a JPEG of more scans than any encoder makes', async () => {
    const jpeg = await sharp(await flat(16, 16))
      .jpeg({ progressive: true })
      .toBuffer();
    const scans = Buffer.alloc(2 * 101, Buffer.of(0xff, 0xda));

    expect((await refusal(Buffer.concat([jpeg, scans]))).message).toContain(
      'a progressive JPEG of more than 100 scans',
    );
  });
});
