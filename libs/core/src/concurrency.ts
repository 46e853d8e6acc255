import pLimit from 'p-limit';

/**
 * Calls `task` for every item, in their order, at most `atOnce` at a time. Rejects with the first rejection; then it
 * starts no further item, and those under way go on.
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
 * Runs `work` once for all callers who ask while it runs.
 *
 * @returns a function that starts a run, or joins the one under way; all its callers get the run's value or error
 * @example const readCards = singleFlight(() => askDriver());
 */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => (running ??= work().finally(() => (running = undefined)));
}

/**
 * Like `singleFlight`, for callers who need what is true at their call. The run under way may have read before it, so
 * all who ask during that run share the next one. Runs never overlap.
 *
 * @param beforeRun what a run waits for first, such as a pause; callers who ask meanwhile join that run. When it
 *   rejects, these callers get its error and there is no run.
 * @example const poll = nextFlight(() => store.read());
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
