import { parentPort } from 'node:worker_threads';
import { DomainError } from '#core';
import type { CostlyAnswer, CostlyJob } from './costly-pictures.js';
import { loadSquare, squareOfPixels } from '../load-square.js';

/** A thread that makes squares of the pictures it is sent; `CostlyPictures` is the other end. */
parentPort?.on('message', (job: CostlyJob) => void answer(job));

async function answer({ id, item, to, limits }: CostlyJob): Promise<void> {
  let answered: CostlyAnswer;
  try {
    const square =
      item.kind === 'image' ? await loadSquare(item.bytes, to, limits) : squareOfPixels(item.pixels, to, limits);
    answered = { id, square };
  } catch (thrown) {
    const { code, message, internal } = DomainError.from(thrown);
    answered = { id, error: { code, message, internal } };
  }
  parentPort?.postMessage(answered);
}
