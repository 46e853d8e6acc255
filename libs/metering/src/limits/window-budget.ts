import type { Clock, UsageLimitName } from '#core';
import { type Budget, ChunkSize } from './budget.js';
import { Gathered } from './gathered.js';
import type { LimitStore, WindowKey } from './limit-store.js';
import type { Outage } from './outage.js';
import type { RateLimitState } from './rate-limit.js';

const IDLE_MS = 60_000;
/** How long a used-up window counts as used up: others may give back what they do not spend. */
const USED_UP_MS = 10_000;

export interface WindowBudgetOptions {
  readonly subject: string;
  readonly name: UsageLimitName;
  readonly windowMs: number;
  readonly limit: number;
}

/**
 * A limit per window of the wall clock (minute, UTC day). The process takes chunks of it from the database and spends
 * them by itself. Once the window is used up it also refuses by itself, and checks at most every 10 seconds whether
 * another process gave something back. While the database is out of reach it alone spends up to the whole limit of the
 * window, and settles that when the database is back.
 */
export class WindowBudget implements Budget {
  limit: number;
  private startMs = Number.NEGATIVE_INFINITY;
  /** What this process has got and spent in the window. After an outage it may have spent more than it got. */
  private own = 0;
  private spent = 0;
  /** What all processes have got, as last seen. */
  private granted = 0;
  private seenAtMs = Number.NEGATIVE_INFINITY;
  private offline = false;
  private usedAtMs: number;
  private readonly chunk = new ChunkSize();
  private readonly fetches = new Gathered((asked) => this.fetchChunk(asked.sum));
  private readonly subject: string;
  private readonly name: UsageLimitName;
  private readonly windowMs: number;

  constructor(
    options: WindowBudgetOptions,
    private readonly store: LimitStore,
    private readonly outage: Outage,
    private readonly clock: Clock,
  ) {
    ({ subject: this.subject, name: this.name, windowMs: this.windowMs, limit: this.limit } = options);
    this.usedAtMs = clock.now();
  }

  setLimit(limit: number): void {
    this.limit = limit;
  }

  has(amount: number): boolean {
    this.roll();
    return this.offline ? this.spent + amount <= this.limit : this.own - this.spent >= amount;
  }

  usedUp(): boolean {
    return this.offline || this.wasJustSeenUsedUp();
  }

  take(amount: number): () => void {
    const { startMs } = this;
    this.spent += amount;
    this.usedAtMs = this.clock.now();
    if (this.offline ? this.outage.mayTry() && !this.fetches.busy : this.runsLow()) void this.fetch(0);
    return () => {
      // A later window was not charged, so it gets nothing back.
      if (startMs === this.startMs) this.spent -= amount;
    };
  }

  end(): void {
    // Work that began in a window stays spent.
  }

  fetch(amount: number): Promise<void> {
    return this.fetches.ask(amount);
  }

  state(): RateLimitState {
    this.roll();
    const others = Math.max(0, this.granted - this.own);
    const remaining = Math.max(0, this.limit - others - this.spent);
    return { name: this.name, limit: this.limit, remaining, resetMs: this.retryAfterMs(), windowMs: this.windowMs };
  }

  retryAfterMs(): number {
    return Math.max(1, this.startMs + this.windowMs - this.clock.wallMs());
  }

  async tick(): Promise<void> {
    this.roll();
    if (this.offline && this.outage.mayTry()) await this.fetch(0);
    if (this.isUnused()) await this.putBack();
  }

  idle(): boolean {
    return this.isUnused() && this.own <= this.spent && !this.offline && this.granted < this.limit;
  }

  async stop(): Promise<void> {
    await this.fetches.settled();
    await this.putBack();
  }

  private wasJustSeenUsedUp(): boolean {
    return this.granted >= this.limit && this.clock.now() - this.seenAtMs < USED_UP_MS;
  }

  private isUnused(): boolean {
    return !this.fetches.busy && this.clock.now() - this.usedAtMs >= IDLE_MS;
  }

  /** Small chunks are fetched when a request needs them: a chunk ahead would be a large part of the limit. */
  private runsLow(): boolean {
    const chunk = this.limit / 20;
    return chunk >= 4 && this.own - this.spent < chunk / 4 && this.granted < this.limit && !this.fetches.busy;
  }

  /** A clock that is set back by less than a window stays in the window, so that nothing is handed out twice. */
  private roll(): void {
    const startMs = Math.floor(this.clock.wallMs() / this.windowMs) * this.windowMs;
    if (startMs === this.startMs || startMs === this.startMs - this.windowMs) return;
    this.startMs = startMs;
    this.own = 0;
    this.spent = 0;
    this.granted = 0;
  }

  private key(): WindowKey {
    return { subject: this.subject, limitName: this.name, windowStartMs: this.startMs };
  }

  private async fetchChunk(asked: number): Promise<void> {
    this.roll();
    if (this.wasJustSeenUsedUp() && !this.offline) return;
    const key = this.key();
    const short = asked - (this.own - this.spent);
    const amount = Math.max(this.chunk.next(this.limit, this.limit - this.granted, this.clock.now()), short);
    const result = await this.outage.attempt(() => this.store.take(key, amount, this.limit));
    this.offline = result === undefined;
    if (result === undefined || key.windowStartMs !== this.startMs) return;
    this.own += result.taken;
    this.granted = result.granted;
    this.seenAtMs = this.clock.now();
  }

  private async putBack(): Promise<void> {
    const unspent = this.own - this.spent;
    if (unspent <= 0 || this.offline) return;
    const key = this.key();
    this.own -= unspent;
    this.granted -= unspent;
    await this.outage.attempt(async () => {
      await this.store.putBack(key, unspent);
      return {};
    });
  }
}
