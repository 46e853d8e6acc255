/** Holds of a pool by those who will use it, and waits for it to have nothing to do. */
export class IdleGate {
  private holders = 0;
  private waiters: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];

  /** `isIdle`: nothing waits in the pool and nothing runs. */
  constructor(private readonly isIdle: () => boolean) {}

  /**
   * Keeps the pool from being drained until the function that it returns is called; further calls of that do nothing.
   */
  hold(): () => void {
    let isHeld = true;
    this.holders += 1;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.holders -= 1;
      this.update();
    };
  }

  /** Resolves when the pool is idle. */
  idle(): Promise<void> {
    return this.wait(this.isIdle);
  }

  /** Resolves when the pool is idle and nobody holds it. */
  drained(): Promise<void> {
    return this.wait(() => this.holders === 0 && this.isIdle());
  }

  /** Must be called whenever something has ended. */
  update(): void {
    if (this.waiters.length === 0) return;
    const over = this.waiters.filter(({ isOver }) => isOver());
    this.waiters = this.waiters.filter((waiter) => !over.includes(waiter));
    for (const { resolve } of over) resolve();
  }

  /** Resolves all waits, whatever the pool does. */
  open(): void {
    for (const { resolve } of this.waiters.splice(0)) resolve();
  }

  private wait(isOver: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.push({ isOver, resolve });
      this.update();
    });
  }
}
