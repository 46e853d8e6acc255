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
  const places = new Places(totalMax);
  let failed = false;
  const worker = async (left: Iterable<T>): Promise<void> => {
    for (const input of left) {
      await places.take();
      try {
        if (failed) return;
        await task(input);
      } catch (thrown) {
        failed = true;
        throw thrown;
      } finally {
        places.giveBack();
      }
    }
  };
  const lanes = [...Map.groupBy(inputs, laneOf).values()];
  await Promise.all(
    lanes.flatMap((lane) => {
      const left = lane.values();
      return Array.from({ length: Math.min(perLaneMax, lane.length) }, () => worker(left));
    }),
  );
}

/** A number of places, given out in the order of arrival. */
class Places {
  private readonly waiting: (() => void)[] = [];
  private served = 0;

  constructor(private free: number) {}

  take(): Promise<void> {
    if (this.free === 0) return new Promise((resolve) => this.waiting.push(resolve));
    this.free -= 1;
    return Promise.resolve();
  }

  giveBack(): void {
    // Counted on, not shifted out: shifting a long list copies it each time.
    const next = this.waiting[this.served];
    if (next) {
      this.served += 1;
      next();
    } else this.free += 1;
  }
}
