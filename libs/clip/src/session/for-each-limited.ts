/** Calls `task` for every item, at most `atOnce` at a time. Rejects with the first rejection. */
export async function forEachLimited<T>(
  items: readonly T[],
  atOnce: number,
  task: (item: T, at: number) => Promise<void>,
): Promise<void> {
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of waiting) await task(item, at);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
