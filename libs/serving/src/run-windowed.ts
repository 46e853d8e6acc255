import pLimit from 'p-limit';
import { forEachLimited } from '#core';

export interface Window<T> {
  /** Most tasks at once. */
  readonly totalMax: number;
  /** Most tasks at once of one group. */
  readonly perGroupMax: number;
  readonly groupOf: (input: T) => string;
}

/**
 * Runs `task` for every input within the window. The inputs of one group start in their order, and the groups take
 * turns, so that a group that is slow keeps the others back by no more than its own places. Rejects with the first
 * failure and starts no further input then; it does not end the tasks under way.
 */
export async function runWindowed<T>(
  inputs: readonly T[],
  { totalMax, perGroupMax, groupOf }: Window<T>,
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
  const groups = [...Map.groupBy(inputs, groupOf).values()];
  await Promise.all(groups.map((group) => forEachLimited(group, perGroupMax, (input) => places(() => run(input)))));
}
