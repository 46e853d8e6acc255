import type { Clock } from '#core';
import { type Budget, ChunkSize } from './budget.js';
import { type Asked, Gathered } from './gathered.js';
import type { LimitStore } from './limit-store.js';
import type { Outage } from './outage.js';
import type { RateLimitState } from './rate-limit.js';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const RETRY_MS = 250;
const TICK_MS = 1000;
const PARTS = 20;

/**
 * A limit on what is worked on at a time. The process holds a lease on a part of it, asks for more when it needs more,
 * and gives back what it has not used for a second. A lease that is not renewed ends after 30 seconds, so the places of
 * a dead process come back. While another process waits without any place this one keeps to its fair share.
 */
export class InFlightBudget implements Budget {
  limit: number;
  private held = 0;
  private heldUntilMs = Number.NEGATIVE_INFINITY;
  private inFlight = 0;
  /** Most that was in flight since the last tick. */
  private peak = 0;
  private others = 0;
  private shareMax = Number.POSITIVE_INFINITY;
  private deniedUntilMs = Number.NEGATIVE_INFINITY;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private offline = false;
  private readonly chunk = new ChunkSize();
  private readonly fetches = new Gathered((asked) => this.claimMore(asked));

  constructor(
    private readonly options: { subject: string; holder: string; limit: number },
    private readonly store: LimitStore,
    private readonly outage: Outage,
    private readonly clock: Clock,
  ) {
    this.limit = options.limit;
  }

  setLimit(limit: number): void {
    this.limit = limit;
  }

  has(amount: number): boolean {
    const after = this.inFlight + amount;
    if (this.offline) return after <= this.limit;
    return after <= this.usable() && (this.inFlight === 0 || after <= this.shareMax);
  }

  usedUp(): boolean {
    return (
      this.offline || this.clock.now() < this.deniedUntilMs || (this.inFlight > 0 && this.shareMax <= this.inFlight)
    );
  }

  take(amount: number): () => void {
    this.inFlight += amount;
    this.peak = Math.max(this.peak, this.inFlight);
    return () => this.end(amount);
  }

  end(amount: number): void {
    this.inFlight -= amount;
  }

  fetch(amount: number): Promise<void> {
    return this.fetches.ask(amount);
  }

  state(): RateLimitState {
    const remaining = Math.max(0, this.limit - this.others - this.inFlight);
    return { name: 'itemsInFlight', limit: this.limit, remaining, resetMs: remaining === 0 ? RETRY_MS : 0 };
  }

  retryAfterMs(): number {
    return RETRY_MS;
  }

  async tick(): Promise<void> {
    const { peak } = this;
    this.peak = this.inFlight;
    if (!this.hasRow() && !this.offline && this.inFlight === 0) return;
    if (this.offline ? this.outage.mayTry() : peak > 0 || this.waits()) await this.renew(peak);
    else if (!this.offline) await this.fetches.alone(() => this.release());
  }

  idle(): boolean {
    return this.inFlight === 0 && !this.hasRow() && !this.fetches.busy && !this.offline;
  }

  async stop(): Promise<void> {
    await this.fetches.settled();
    if (this.hasRow()) await this.release();
  }

  private hasRow(): boolean {
    return this.heldUntilMs > this.clock.now();
  }

  private usable(): number {
    return this.hasRow() ? this.held : 0;
  }

  /** Whether a request was refused a moment ago and will be tried again: the other processes must see that. */
  private waits(): boolean {
    return this.clock.now() < this.deniedUntilMs + TICK_MS;
  }

  private async renew(peak: number): Promise<void> {
    const old = this.clock.now() - this.askedAtMs >= RENEW_MS;
    const surplus = this.held - peak > Math.floor(this.limit / PARTS);
    if (old || surplus || this.offline) await this.fetches.alone(() => this.claim(Math.max(peak, this.inFlight), 0));
  }

  private async claimMore({ sum, least }: Asked): Promise<void> {
    const needed = this.inFlight + sum;
    const leastNeeded = this.inFlight + least;
    const left = this.limit - this.others - needed;
    const ahead = this.limit < PARTS ? 0 : this.chunk.next(this.limit, left, this.clock.now());
    await this.claim(Math.max(needed + ahead, this.usable()), leastNeeded);
    if (!this.offline && !this.has(least)) this.deniedUntilMs = this.clock.now() + RETRY_MS;
  }

  private async claim(wanted: number, least: number): Promise<void> {
    const { subject, holder } = this.options;
    const nowMs = this.clock.wallMs();
    const untilMs = this.clock.now() + LEASE_MS;
    this.askedAtMs = this.clock.now();
    // Requests that begin meanwhile must fit into what is left after the claim.
    this.held = Math.min(this.held, Math.max(wanted, this.inFlight));
    const amounts = { limit: this.limit, wanted, least, keep: this.usable() };
    const claim = { subject, holder, ...amounts, nowMs, expiresAtMs: nowMs + LEASE_MS };
    const lease = await this.outage.attempt(() => this.store.claim(claim));
    this.offline = lease === undefined;
    if (lease === undefined) return;
    this.held = lease.amount;
    this.heldUntilMs = untilMs;
    this.others = lease.others;
    this.shareMax = lease.hungry ? Math.max(1, Math.floor(this.limit / lease.holders)) : Number.POSITIVE_INFINITY;
  }

  private async release(): Promise<void> {
    const { subject, holder } = this.options;
    this.held = 0;
    this.heldUntilMs = Number.NEGATIVE_INFINITY;
    this.shareMax = Number.POSITIVE_INFINITY;
    await this.outage.attempt(async () => {
      await this.store.release(subject, holder);
      return {};
    });
  }
}
