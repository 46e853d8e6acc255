import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { CostlyPictures } from './costly-pictures.js';
import { DecodingBudget } from './decoding-budget.js';
import { IMAGE_LIMITS_DEFAULT } from '../image-limits.js';
import { loadSquare, squareOfPixels } from '../load-square.js';

const small = { resizeTo: 32, cropTo: 32, mean: [0, 0, 0], std: [1, 1, 1] } as const;
const file = (name: string): Buffer => readFileSync(`test/reference/images/files/${name}`);

describe('the thread for costly pictures', () => {
  const costly = new CostlyPictures(small, IMAGE_LIMITS_DEFAULT);
  afterAll(() => costly.close());

  it.each(['jpeg-420.jpeg', 'png-upscaled-rgba.png', 'gif-static.gif'])('makes the same square: %s', async (name) => {
    const square = await costly.load({ kind: 'image', bytes: file(name) }, 1);

    expect(Buffer.compare(square, await loadSquare(file(name), small, IMAGE_LIMITS_DEFAULT))).toBe(0);
  });

  it('makes that of an array, whose bytes stay with who sent it', async () => {
    const pixels = {
      data: Uint8Array.from({ length: 40 * 40 }, (_, n) => n % 251),
      width: 40,
      height: 40,
      channels: 1,
    } as const;
    const square = await costly.load({ kind: 'pixels', pixels }, 1);

    expect(Buffer.compare(square, squareOfPixels(pixels, small, IMAGE_LIMITS_DEFAULT))).toBe(0);
    expect(pixels.data).toHaveLength(1_600);
  });

  it('gives the error of a picture that cannot be decoded, the log word too', async () => {
    const failing = costly.load({ kind: 'image', bytes: file('jpeg-420.jpeg').subarray(0, 900) }, 1);

    await expect(failing).rejects.toMatchObject({ code: 'image_unreadable', internal: expect.any(String) as string });
  });

  it('starts anew after it was ended', async () => {
    await costly.close();

    await expect(costly.load({ kind: 'image', bytes: file('jpeg-420.jpeg') }, 1)).resolves.toHaveLength(32 * 32 * 3);
  });
});

describe('the room for costly pictures', () => {
  /** Tasks of so many bytes, in the order in which they were let in; each is ended by name. */
  function aRoom(placesMax: number, bytesMax: number) {
    const room = new DecodingBudget(placesMax, bytesMax);
    const entered: string[] = [];
    const ends = new Map<string, () => void>();
    const ask = (name: string, bytes: number) =>
      room.within(bytes, () => {
        entered.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { entered, ask, end };
  }

  it('lets in what fits in places and memory, first come first served', async () => {
    const { entered, ask, end } = aRoom(2, 100);
    void ask('a', 60);
    void ask('b', 60);
    void ask('c', 10);
    await end('');
    expect(entered).toEqual(['a']);

    await end('a');
    expect(entered).toEqual(['a', 'b', 'c']);
  });

  it('lets a picture in alone that needs more than all', async () => {
    const { entered, ask, end } = aRoom(2, 100);
    void ask('a', 10);
    void ask('huge', 1_000);
    void ask('b', 10);
    await end('');
    expect(entered).toEqual(['a']);

    await end('a');
    expect(entered).toEqual(['a', 'huge']);

    await end('huge');
    expect(entered).toEqual(['a', 'huge', 'b']);
  });
});
