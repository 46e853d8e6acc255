/**
 * Loads pictures as a replica does, for `compare.py`: takes lines `SIDE PATH` and answers for each a line of JSON and,
 * where it says `bytes`, so many bytes of RGB. Needs the build (`npm run build`).
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { IMAGE_LIMITS_DEFAULT } from '../../dist/libs/clip/src/image/image-limits.js';
import { loadSquare } from '../../dist/libs/clip/src/image/load-square.js';

for await (const line of createInterface({ input: process.stdin })) {
  const [, side, path] = /^(\d+) (.*)$/.exec(line) ?? [];
  const to = { resizeTo: Number(side), cropTo: Number(side), mean: [0, 0, 0], std: [1, 1, 1] };
  const started = performance.now();
  try {
    const square = await loadSquare(readFileSync(path), to, IMAGE_LIMITS_DEFAULT);
    answer({ bytes: square.length, ms: performance.now() - started });
    process.stdout.write(square);
  } catch (error) {
    const { code, message, internal } = error;
    answer({ code: code ?? 'crash', message, internal, ms: performance.now() - started });
  }
}

function answer(body) {
  process.stdout.write(JSON.stringify(body) + '\n');
}
