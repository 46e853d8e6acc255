import { systemClock, type Clock } from './clock.js';

/**
 * How long work that is done in slices holds the event loop in one go, in milliseconds: short beside the 150 ms that nothing may
 * hold it for, since a piece of work ends its slice only where it can be left, and long beside the cost of a turn.
 */
const SLICE_MS = 4;

/** So many turns in a row are for work that has had none, before one is for work that has. */
const FRESH_TURNS_MAX = 3;

/**
 * Shares the event loop among long pieces of work, such as the reading of large bodies. All of them together get one slice of
 * each turn of the loop, so that a hundred at once hold it no longer than one, in the order in which they ask. Whoever has had a
 * slice and asks for another lets those go first that have not, so that a small request does not wait for all large ones.
 */
export class Turns {
  /** When the slice of this turn of the loop began; undefined before anything was done in it. */
  private beganAtMs: number | undefined;
  /** Work that had begun in a turn that was used up by other work. */
  private readonly fresh: (() => void)[] = [];
  /** Work that used up a slice of its own. */
  private readonly again: (() => void)[] = [];
  private freshTurns = 0;
  /** Whether this turn was given to somebody, who is then the first to ask for another if the slice does not suffice. */
  private isGiven = false;

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
      (this.isGiven ? this.again : this.fresh).push(resolve);
      this.isGiven = false;
      if (this.beganAtMs === undefined) this.begin();
    });
  }

  private begin(): void {
    this.beganAtMs = this.clock.now();
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.beganAtMs = undefined;
    this.isGiven = false;
    const isFresh = this.fresh.length > 0 && (this.again.length === 0 || this.freshTurns < FRESH_TURNS_MAX);
    const resume = (isFresh ? this.fresh : this.again).shift();
    if (!resume) return;
    this.freshTurns = isFresh ? this.freshTurns + 1 : 0;
    this.begin();
    this.isGiven = true;
    resume();
  }
}

/** The turns of this process's event loop. One for all, as the loop is. */
export const turns = new Turns(systemClock);
