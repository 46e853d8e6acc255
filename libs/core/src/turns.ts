import { systemClock, type Clock } from './clock.js';

/**
 * How long sliced work holds the event loop in one go, in milliseconds. That is short beside the 150 ms that nothing
 * may hold it for, since work ends its slice only at certain points, and long beside the cost of a turn.
 */
const SLICE_MS = 4;

/** After so many turns in a row for work that has had none, one turn goes to work that has. */
const FRESH_TURNS_MAX = 3;

/** Most of those that still wait who get a chance at what is left of the next slice. */
const SHARED_MAX = 64;

/**
 * Shares the event loop among long pieces of work, such as the reading of large bodies. All together get one slice of
 * each turn of the loop, in the order in which they ask, so a hundred at once hold the loop no longer than one. Work
 * that has had no slice goes before work that has, so a small request does not wait for all large ones.
 *
 * @example if (turns.isOver) await turns.next();
 */
export class Turns {
  /** When the slice of this turn of the loop began; undefined before anything was done in it. */
  private beganAtMs: number | undefined;
  /** Work that began in a turn which other work had used up. */
  private readonly fresh: (() => void)[] = [];
  /** Work that used up a slice of its own. */
  private readonly again: (() => void)[] = [];
  private freshTurns = 0;
  /**
   * Whether this turn was given to a caller, who is then the first to ask for another if the slice does not suffice.
   */
  private isGiven = false;

  constructor(private readonly clock: Clock) {}

  /** Whether the slice is used up. The caller then awaits `next()` at the next point where it can stop. */
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
      else setImmediate(() => this.share());
    });
  }

  private begin(): void {
    this.beganAtMs = this.clock.now();
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.beganAtMs = undefined;
    this.isGiven = false;
    const waiting = this.fresh.length + this.again.length;
    if (waiting === 0) return;
    this.begin();
    for (let other = 1; other < Math.min(waiting, SHARED_MAX); other += 1) setImmediate(() => this.share());
    this.resumeNext();
  }

  /** Gives what the caller before has left of the slice to the next one: many small requests need no turn each. */
  private share(): void {
    if (this.beganAtMs !== undefined && !this.isOver) this.resumeNext();
  }

  private resumeNext(): void {
    const isFresh = this.fresh.length > 0 && (this.again.length === 0 || this.freshTurns < FRESH_TURNS_MAX);
    const resume = (isFresh ? this.fresh : this.again).shift();
    if (!resume) return;
    this.freshTurns = isFresh ? this.freshTurns + 1 : 0;
    this.isGiven = true;
    resume();
  }
}

/** The turns of this process's event loop. One for all, as the loop is. */
export const turns = new Turns(systemClock);
