import type { Clock } from '#core';
import { TAKE_MS_MAX } from './reservation.js';

/** Watches whether a client takes what waits for it, and gives it up after ten minutes in which it took nothing. */
export class TakingWatch {
  private takenAtMs: number;
  /** Ends the watch. */
  stop: () => void;

  constructor(
    private readonly clock: Clock,
    private readonly onStalled: () => void,
  ) {
    this.takenAtMs = clock.now();
    this.stop = clock.after(TAKE_MS_MAX, () => this.look());
  }

  /** The client has taken something: its time begins anew. */
  taken(): void {
    this.takenAtMs = this.clock.now();
  }

  private look(): void {
    const leftMs = this.takenAtMs + TAKE_MS_MAX - this.clock.now();
    if (leftMs > 0) this.stop = this.clock.after(leftMs, () => this.look());
    else this.onStalled();
  }
}
