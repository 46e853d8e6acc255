/** The sum of what several callers ask for. */
export interface Asked {
  readonly sum: number;
  /** The smallest single request; 0 when nobody waits. */
  readonly least: number;
}

/** Runs one piece of work at a time. The next run serves together all requests that come meanwhile. */
export class Gathered {
  private sum = 0;
  private least = Number.POSITIVE_INFINITY;
  private running: Promise<void> | undefined;

  /** @param work must not reject */
  constructor(private readonly work: (asked: Asked) => Promise<void>) {}

  get busy(): boolean {
    return this.running !== undefined;
  }

  /** Resolves when a run that included this amount has ended. */
  ask(amount: number): Promise<void> {
    this.sum += amount;
    this.least = Math.min(this.least, amount);
    return this.running?.then(() => this.serve()) ?? this.serve();
  }

  /** Runs `work` instead, unless something runs already. Resolves when nothing runs any more. */
  alone(work: () => Promise<void>): Promise<void> {
    this.running ??= work().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  async settled(): Promise<void> {
    await this.running;
  }

  private serve(): Promise<void> {
    if (this.least === Number.POSITIVE_INFINITY) return this.settled();
    if (this.running) return this.running.then(() => this.serve());
    const asked = { sum: this.sum, least: this.least };
    this.sum = 0;
    this.least = Number.POSITIVE_INFINITY;
    return this.alone(() => this.work(asked));
  }
}
