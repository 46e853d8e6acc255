import pLimit from 'p-limit';
import { forEachLimited } from '#core';

export interface Window<T> {
  /** Most tasks at once. */
  readonly totalMax: number;
  /** Most tasks at once of one lane. */
  readonly perLaneMax: number;
  readonly laneOf: (input: T) => string;
}

/**
 * Runs `task` for every input within the window. The inputs of one lane start in their order, and the lanes take turns,
 * so that a lane that is slow keeps the others back by no more than its own places. Rejects with the first failure
 * and starts no further input then; it does not end the tasks under way.
 */
export async function runWindowed<T>(
  inputs: readonly T[],
  { totalMax, perLaneMax, laneOf }: Window<T>,
  task: (input: T) => Promise<void>,
): Promise<void> {
  const places = pLimit(totalMax);
  let hasFailed = false;
  const run = async (input: T): Promise<void> => {
    if (hasFailed) return;
    try {
      await task(input);
    } catch (thrown) {
      hasFailed = true;
      throw thrown;
    }
  };
  const lanes = [...Map.groupBy(inputs, laneOf).values()];
  await Promise.all(lanes.map((lane) => forEachLimited(lane, perLaneMax, (input) => places(() => run(input)))));
}
