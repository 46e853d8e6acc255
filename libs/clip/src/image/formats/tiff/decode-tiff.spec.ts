import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { IMAGE_LIMITS_DEFAULT } from '../../image-limits.js';
import type { Picture } from '../../picture.js';
import { decodeTiff, isPlainTiff } from './decode-tiff.js';
import { readTiffDirectory, TAG } from './tiff-directory.js';

const WIDTH = 4;
const HEIGHT = 3;
const GRAY = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => at * 20);

type Tags = Partial<Record<keyof typeof TAG, number | number[]>>;

/** A little-endian TIFF of one strip of 8-bit gray; `tags` are added or take the place of the usual ones. */
function tiffOf(tags: Tags = {}, stored: Uint8Array = GRAY): Uint8Array {
  const strip = { stripOffsets: 8, stripBytes: stored.length, rowsPerStrip: HEIGHT };
  const all: Tags = { width: WIDTH, height: HEIGHT, bits: 8, photometric: 1, ...strip, ...tags };
  const entries = Object.entries(all).map(([name, value]) => ({
    tag: TAG[name as keyof typeof TAG],
    values: [value].flat() as number[],
  }));
  const page = 8 + stored.length;
  const outside = page + 2 + entries.length * 12 + 4;
  const file = Buffer.alloc(outside + entries.reduce((sum, { values }) => sum + values.length * 4, 0));
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(page, 4);
  file.set(stored, 8);
  file.writeUInt16LE(entries.length, page);
  let free = outside;
  entries.forEach(({ tag, values }, index) => {
    const at = page + 2 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(values.length, at + 4);
    file.writeUInt32LE(values.length === 1 ? (values[0] ?? 0) : free, at + 8);
    if (values.length === 1) return;
    values.forEach((value, place) => file.writeUInt32LE(value, free + place * 4));
    free += values.length * 4;
  });
  return file;
}

async function decoded(file: Uint8Array, limits = IMAGE_LIMITS_DEFAULT): Promise<Picture> {
  return decodeTiff(readTiffDirectory(file), limits);
}

const refusal = async (file: Uint8Array): Promise<string> =>
  decoded(file).then(
    () => 'no refusal',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

describe('a TIFF', () => {
  it('is read from its strips', async () => {
    expect(await decoded(tiffOf())).toMatchObject({ mode: 'L', width: WIDTH, height: HEIGHT, data: GRAY });
  });

  it('may have more in its last strip than the picture needs', async () => {
    const long = Buffer.concat([GRAY, Buffer.alloc(500)]);

    expect(await decoded(tiffOf({ compression: 8 }, deflateSync(long)))).toMatchObject({ data: GRAY });
  });

  it('may have a wrong checksum after its Deflate data, which Pillow does not look at', async () => {
    const stored = Buffer.from(deflateSync(GRAY));
    stored.fill(0, stored.length - 4);

    expect(await decoded(tiffOf({ compression: 8 }, stored))).toMatchObject({ data: GRAY });
  });

  it('is turned as its orientation says', async () => {
    const picture = await decoded(tiffOf({ orientation: 6 }));

    expect(picture).toMatchObject({ width: HEIGHT, height: WIDTH });
    expect([...picture.data.slice(0, 3)]).toEqual([160, 80, 0]);
  });

  it('has the mode of Pillow: gray where all say so, inverted or not', async () => {
    const inverted = await decoded(tiffOf({ photometric: 0 }));

    expect([...inverted.data]).toEqual([...GRAY].map((value) => 255 - value));
  });

  it.each<[string, Tags]>([
    ['LZMA compression', { compression: 34925 }],
    ['old-style JPEG compression', { compression: 6 }],
    ['WebP compression', { compression: 50001 }],
    ['number 4711 compression', { compression: 4711 }],
    ['CIELAB of 3 samples of 8 bits a pixel', { photometric: 8, samples: 3, bits: [8, 8, 8] }],
    ['RGB of 3 floating-point samples of 32 bits a pixel', { photometric: 2, samples: 3, bits: 32, sampleFormat: 3 }],
    ['gray of 2 samples of 16 bits a pixel, one of them alpha', { samples: 2, bits: 16, extraSamples: 2 }],
    ['gray of 2 samples of 8 bits a pixel, one of them alpha', { samples: 2, bits: 8, extraSamples: 1 }],
    ['gray of 1 sample of 64 bits a pixel', { bits: 64 }],
    ['colours of kind 32803', { photometric: 32803 }],
    ['RGB of 3 samples of different sizes', { photometric: 2, samples: 3, bits: [5, 6, 5] }],
    ['predictor 3 on 8-bit samples', { compression: 5, predictor: 3 }],
    ['halved or separate YCbCr colours, uncompressed', { photometric: 6, samples: 3, bits: 8, subsampling: [2, 2] }],
    ['JPEG compression of 16-bit samples', { compression: 7, bits: 16 }],
    ['fax compression of 8-bit samples', { compression: 4 }],
  ])('of a kind that is not read is refused by the name of that kind: %s', async (name, tags) => {
    const lzw = Buffer.from([0x80, 0, 0, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01, 0, 0x80, 0x40, 0x20, 0x10, 0x08]);

    const answer = await refusal(tiffOf(tags, tags.compression === 5 ? lzw : Buffer.alloc(200)));

    expect(answer).toContain(`image_format_refused: TIFF files with ${name}`);
    expect(answer).toContain('Save it with 8 bits a sample');
  });

  it.each<[string, Tags]>([
    ['has fewer strips than rows', { rowsPerStrip: 1 }],
    ['has strips that end before the picture is full', { height: 4000, rowsPerStrip: 4000 }],
    ['points outside of itself', { stripOffsets: 5_000_000 }],
    ['has no pixels', { width: 0 }],
    ['has rows of no height', { rowsPerStrip: 0 }],
    ['has no palette', { photometric: 3 }],
  ])('that %s is unreadable', async (_, tags) => {
    expect(await refusal(tiffOf(tags))).toContain('image_unreadable');
  });

  it('whose compressed strips overlap so often that they would be read many times over is unreadable', async () => {
    const rows = 200;
    const shared = { height: rows, rowsPerStrip: 1, stripOffsets: new Array<number>(rows).fill(8) };
    const stored = deflateSync(GRAY.subarray(0, WIDTH));

    const few = tiffOf({ ...shared, compression: 8, stripBytes: new Array<number>(rows).fill(stored.length) }, stored);
    const many = tiffOf({ ...shared, compression: 8, stripBytes: new Array<number>(rows).fill(1000) }, stored);

    expect(await decoded(few)).toMatchObject({ height: rows });
    expect(await refusal(many)).toContain('image_unreadable');
  });

  it('with tiles far larger than itself is unreadable', async () => {
    const tiles = { stripOffsets: [], tileWidth: 100_000, tileHeight: 100_000, tileOffsets: 8, tileBytes: 12 };

    expect(await refusal(tiffOf(tiles))).toContain('image_unreadable');
  });

  it('has no more pixels than allowed', async () => {
    await expect(decoded(tiffOf(), { bytesMax: 1000, pixelsMax: 11 })).rejects.toThrow('4 x 3 pixels');
  });

  it('is left to libvips only where that gives the pixels of Pillow', () => {
    const isPlain = (tags: Tags): boolean => isPlainTiff(readTiffDirectory(tiffOf(tags)));
    const rgb = { photometric: 2, samples: 3 };

    expect([{}, { compression: 5 }, rgb, { ...rgb, compression: 7 }].map(isPlain)).toEqual([true, true, true, true]);
    expect(
      [{ photometric: 0 }, { orientation: 3 }, { compression: 50000 }, { ...rgb, planes: 2 }, { bits: 16 }].map(
        isPlain,
      ),
    ).toEqual([false, false, false, false, false]);
  });
});
