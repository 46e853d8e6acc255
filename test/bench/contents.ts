import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { repositoryRoot } from '../support/server.js';

const WORDS =
  'a photo of the red small dog cat running on green grass near old house while rain falls slowly over mountain city';
const PHOTOS = ['photo-cat.jpg', 'photo-coffee.jpg', 'photo-officer.jpg', 'photo-rocket.jpg'];

/** `count` sentences of 4 to 14 words, the same at each call. */
export function sentences(count: number): string[] {
  const words = WORDS.split(' ');
  const next = randomNumbers(1);
  return Array.from({ length: count }, () =>
    Array.from({ length: 4 + next(11) }, () => words[next(words.length)]).join(' '),
  );
}

/** The photos of the fixtures as JPEG files of 640 x 480, a usual size to send; the same at each call. */
export function photos(): Promise<Buffer[]> {
  return Promise.all(
    PHOTOS.map(async (name) => {
      const small = await readFile(join(repositoryRoot, 'test/fixtures', name));
      return sharp(small).resize(640, 480, { fit: 'fill' }).jpeg({ quality: 88 }).toBuffer();
    }),
  );
}

/** A linear congruential generator (Numerical Recipes' constants): whole numbers below a bound. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
