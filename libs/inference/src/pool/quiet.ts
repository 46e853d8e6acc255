/** Those who need a pool, and those who wait for it to have nothing to do. */
export class Quiet {
  private holders = 0;
  private waiting: { readonly isSo: () => boolean; readonly resolve: () => void }[] = [];

  /** `isIdle`: nothing waits in the pool and nothing runs. */
  constructor(private readonly isIdle: () => boolean) {}

  /** Somebody needs the pool until the answer is called; more calls of it do nothing. */
  hold(): () => void {
    let held = true;
    this.holders += 1;
    return () => {
      if (!held) return;
      held = false;
      this.holders -= 1;
      this.look();
    };
  }

  /** Resolves when the pool is idle. */
  idle(): Promise<void> {
    return this.until(this.isIdle);
  }

  /** Resolves when the pool is idle and nobody holds it. */
  unneeded(): Promise<void> {
    return this.until(() => this.holders === 0 && this.isIdle());
  }

  /** Must be called whenever something has ended. */
  look(): void {
    if (this.waiting.length === 0) return;
    const over = this.waiting.filter(({ isSo }) => isSo());
    this.waiting = this.waiting.filter((entry) => !over.includes(entry));
    for (const { resolve } of over) resolve();
  }

  /** Nobody waits any longer, whatever is so. */
  giveUp(): void {
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  private until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ isSo, resolve });
      this.look();
    });
  }
}
