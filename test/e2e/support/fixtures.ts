import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/server.js';

/** One picture with the texts it is ranked against, and what the exported model answers. */
export interface RankingFixture {
  file: string;
  texts: string[];
  /** Index of the text that is right. */
  expected: number;
  cosines: number[];
}

const folder = join(repositoryRoot, 'test/fixtures');

/** The bytes of a picture in `test/fixtures`. */
export const picture = (file: string): Buffer => readFileSync(join(folder, file));

/** All pictures of `expected.json`. */
export const rankingFixtures = (
  JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { items: RankingFixture[] }
).items;

/** The model that every test runs on. */
export const model = { name: 'mini-clip', dimension: 512 };

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    dot += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  return dot / Math.sqrt(lengthA * lengthB);
}
