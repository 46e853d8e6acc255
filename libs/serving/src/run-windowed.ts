/**
 * Runs `task` for every input, at most `window` at once, in order of the inputs. Rejects with the first failure; no
 * further input is started then, and those under way are left to whatever ends them.
 */
export async function runWindowed<T>(
  inputs: readonly T[],
  window: number,
  task: (input: T) => Promise<void>,
): Promise<void> {
  const left = inputs.values();
  let failed = false;
  const worker = async () => {
    for (const input of left) {
      if (failed) return;
      await task(input);
    }
  };
  const workers = Array.from({ length: Math.min(window, inputs.length) }, () =>
    worker().catch((thrown: unknown) => {
      failed = true;
      throw thrown;
    }),
  );
  await Promise.all(workers);
}
