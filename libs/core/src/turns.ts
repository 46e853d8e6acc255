import { systemClock, type Clock } from './clock.js';

/**
 * How long work that is done in slices holds the event loop in one go, in milliseconds: short beside the 150 ms that nothing may
 * hold it for, since a piece of work ends its slice only where it can be left, and long beside the cost of a turn.
 */
const SLICE_MS = 8;

/**
 * Shares the event loop among long pieces of work, such as the reading of large bodies. All of them together get one slice of
 * each turn of the loop, in the order in which they asked, so that a hundred at once hold it no longer than one.
 */
export class Turns {
  /** When the slice of this turn of the loop began; undefined before anything was done in it. */
  private beganAtMs: number | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  /** Whether the slice is used up, so that whoever works is to `await next()` as soon as it can be left. */
  get isOver(): boolean {
    if (this.beganAtMs === undefined) {
      this.begin();
      return false;
    }
    return this.clock.now() - this.beganAtMs >= SLICE_MS;
  }

  /** Resolves in a later turn of the loop, when it is this caller's. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.beganAtMs === undefined) this.begin();
    });
  }

  private begin(): void {
    this.beganAtMs = this.clock.now();
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.beganAtMs = undefined;
    const go = this.waiting.shift();
    if (!go) return;
    this.begin();
    go();
  }
}

/** The turns of this process's event loop. One for all, as the loop is. */
export const turns = new Turns(systemClock);
