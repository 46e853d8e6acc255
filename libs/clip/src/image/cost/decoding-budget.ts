/**
 * Admits pictures in their order while places and memory last. A picture that needs more than all memory is admitted
 * alone.
 *
 * @example
 * const budget = new DecodingBudget(2, 512 * 2 ** 20);
 * await budget.within(60 * 2 ** 20, () => decode(picture));
 */
export class DecodingBudget {
  private inside = 0;
  private bytesInside = 0;
  private readonly waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(
    private readonly placesMax: number,
    private readonly bytesMax: number,
  ) {}

  /** Runs `task` when `bytes`, its peak memory, are free. Settles as the task does. */
  async within<T>(bytes: number, task: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.waiting.push({ bytes, enter });
      this.admit();
    });
    try {
      return await task();
    } finally {
      this.inside -= 1;
      this.bytesInside -= bytes;
      this.admit();
    }
  }

  private admit(): void {
    for (let [next] = this.waiting; next && this.fits(next.bytes); [next] = this.waiting) {
      this.waiting.shift();
      this.inside += 1;
      this.bytesInside += next.bytes;
      next.enter();
    }
  }

  private fits(bytes: number): boolean {
    return this.inside === 0 || (this.inside < this.placesMax && this.bytesInside + bytes <= this.bytesMax);
  }
}
