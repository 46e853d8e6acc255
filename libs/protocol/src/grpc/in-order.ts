/**
 * The same `work`, whose calls end in the order in which they were made: each waits, done or failed, for those before it. What
 * has been done is held meanwhile, so whoever calls bounds how many calls are open at a time.
 */
export function inOrder<Given extends unknown[], Done>(
  work: (...given: Given) => Promise<Done>,
): (...given: Given) => Promise<Done> {
  let before: Promise<void> = Promise.resolve();
  return (...given) => {
    const done = work(...given);
    // Without a value of its own: one that held the value before it would keep everything that was ever done.
    before = Promise.allSettled([before, done]).then(() => undefined);
    return before.then(() => done);
  };
}
