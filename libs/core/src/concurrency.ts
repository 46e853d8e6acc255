import pLimit from 'p-limit';

/**
 * Calls `task` for every item, in their order, at most `atOnce` at a time. Rejects with the first rejection; no further
 * item is started then, and those under way go on.
 *
 * @example await forEachLimited(files, 4, (file) => download(file));
 */
export async function forEachLimited<T>(
  items: readonly T[],
  atOnce: number,
  task: (item: T, at: number) => Promise<void>,
): Promise<void> {
  const limit = pLimit(atOnce);
  try {
    await limit.map(items, task);
  } finally {
    limit.clearQueue();
  }
}

/**
 * Runs `work` once for all who ask while it runs.
 *
 * @returns a function that starts a run, or joins the one under way; what the run gives or throws goes to all of them
 * @example const cards = singleFlight(() => askDriver());
 */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= work().finally(() => (running = undefined)));
}

/**
 * As `singleFlight`, for callers who need what is true at their call: the run under way may have read before, so all who
 * ask during it share the one after it. Runs never overlap.
 *
 * @param beforeRun what a run waits for first, such as a pause; who asks meanwhile joins that run. When it rejects, these
 *   callers get its error and there is no run.
 */
export function nextFlight<T>(work: () => Promise<T>, beforeRun?: () => Promise<void>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const start = async (): Promise<T> => {
    try {
      await running;
      await beforeRun?.();
    } finally {
      next = undefined;
    }
    const run = work();
    running = run.catch(() => undefined);
    return run;
  };
  return () => (next ??= start());
}
