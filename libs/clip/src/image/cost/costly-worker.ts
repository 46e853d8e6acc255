import { parentPort } from 'node:worker_threads';
import { DomainError } from '#core';
import type { CostlyAnswer, CostlyJob } from './costly-pictures.js';
import { loadSquare, squareOfPixels } from '../load-square.js';

/** The thread of `CostlyPictures`: makes the squares of the pictures that it is sent. */
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
