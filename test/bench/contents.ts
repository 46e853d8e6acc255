import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { repositoryRoot } from '../support/server.js';
import type { Lengths, Load, Modality } from './cases.js';

/** Each is one token of CLIP's vocabulary. */
const WORDS =
  'a photo of the red small dog cat running on green grass near old house while rain falls slowly over mountain city';
const PHOTOS = ['photo-cat.jpg', 'photo-coffee.jpg', 'photo-officer.jpg', 'photo-rocket.jpg'];
const TEXTS = 256;

/** What a load sends, the same at each call. */
export async function contentsOf({
  modality,
  lengths,
}: Pick<Load, 'modality' | 'lengths'>): Promise<(string | Buffer)[]> {
  return modality === 'text' ? sentences(lengths) : photos();
}

/** 256 sentences of 9 words (with CLIP's marks 11 tokens), or of 4 to 14. */
export function sentences(lengths: Lengths): string[] {
  const words = WORDS.split(' ');
  const next = randomNumbers(1);
  return Array.from({ length: TEXTS }, () =>
    Array.from({ length: lengths === 'even' ? 9 : 4 + next(11) }, () => words[next(words.length)]).join(' '),
  );
}

let photosMade: Promise<Buffer[]> | undefined;

/**
 * The photos of the fixtures as JPEG files of 640 x 480, a usual size to send; made once, since a server idles
 * meanwhile.
 */
export function photos(): Promise<Buffer[]> {
  return (photosMade ??= Promise.all(PHOTOS.map(photo)));
}

async function photo(name: string): Promise<Buffer> {
  const small = await readFile(join(repositoryRoot, 'test/fixtures', name));
  return sharp(small).resize(640, 480, { fit: 'fill' }).jpeg({ quality: 88 }).toBuffer();
}

/** Lists of exactly `size`, starting over where the contents end. */
export function groups<T>(contents: readonly T[], size: number, count = Math.ceil(contents.length / size)): T[][] {
  return Array.from({ length: count }, (_, group) =>
    Array.from({ length: size }, (_, at) => contents[(group * size + at) % contents.length]!),
  );
}

export function nameOf(modality: Modality): string {
  return modality === 'text' ? 'texts' : 'images';
}

/** A linear congruential generator (Numerical Recipes' constants): whole numbers below a bound. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
