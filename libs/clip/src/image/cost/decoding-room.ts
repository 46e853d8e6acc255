/** Lets pictures in, first come first served, while places and memory last; one that needs more than all goes alone. */
export class DecodingRoom {
  private inside = 0;
  private bytesInside = 0;
  private readonly waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(
    private readonly placesMax: number,
    private readonly bytesMax: number,
  ) {}

  /** Runs `task` when there is room for the `bytes` that it will need at its peak. Settles as the task does. */
  async within<T>(bytes: number, task: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.waiting.push({ bytes, enter });
      this.look();
    });
    try {
      return await task();
    } finally {
      this.inside -= 1;
      this.bytesInside -= bytes;
      this.look();
    }
  }

  private look(): void {
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
