/** Those who wait for a pool to have nothing to do. */
export class Quiet {
  private waiting: { readonly isSo: () => boolean; readonly resolve: () => void }[] = [];

  /** Resolves when `isSo`, which is asked now and at every `look`. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ isSo, resolve });
      this.look();
    });
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
}
