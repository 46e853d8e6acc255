import type { Clock } from '#core';
import { TAKE_MS_MAX } from './reservation.js';

/** How often answers are looked for whose client is gone, in milliseconds. */
const LOOK_INTERVAL_MS = 10_000;

/** One answer that a client is to take. */
export interface Taking {
  /** The client takes nothing any more; called once, and the watch is over. */
  onStalled(): void;
  /** Whether there is nobody left who could take it. */
  isGone(): boolean;
}

/** Watches whether clients take what waits for them, and gives up those that took nothing for ten minutes. One timer watches over all. */
export class TakingWatches {
  private readonly watches = new Set<TakingWatch>();
  private isLooking = false;

  constructor(private readonly clock: Clock) {}

  /** Begins to watch over an answer. */
  open(taking: Taking): TakingWatch {
    const watch = new TakingWatch(taking, this.clock, this.watches);
    this.watches.add(watch);
    this.lookLater();
    return watch;
  }

  private lookLater(): void {
    if (this.isLooking || this.watches.size === 0) return;
    this.isLooking = true;
    let delayMs = LOOK_INTERVAL_MS;
    for (const { leftMs } of this.watches) delayMs = Math.min(delayMs, leftMs);
    this.clock.after(delayMs, () => this.look());
  }

  private look(): void {
    this.isLooking = false;
    for (const watch of this.watches) watch.look();
    this.lookLater();
  }
}

/** See TakingWatches. */
export class TakingWatch {
  private takenAtMs: number;

  constructor(
    private readonly taking: Taking,
    private readonly clock: Clock,
    private readonly watches: Set<TakingWatch>,
  ) {
    this.takenAtMs = clock.now();
  }

  /** How much longer the client may take nothing. */
  get leftMs(): number {
    return this.takenAtMs + TAKE_MS_MAX - this.clock.now();
  }

  /** The client has taken something: its time begins anew. */
  taken(): void {
    this.takenAtMs = this.clock.now();
  }

  /** Ends the watch. */
  stop(): void {
    this.watches.delete(this);
  }

  /** Gives the client up if its time is over. */
  look(): void {
    const isGone = this.taking.isGone();
    if (!isGone && this.leftMs > 0) return;
    this.stop();
    if (!isGone) this.taking.onStalled();
  }
}
