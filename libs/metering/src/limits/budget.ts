import type { RateLimitState } from './rate-limit.js';

/** One limit of one subject as this process sees it. Everything but `fetch` and `tick` is synchronous and local. */
export interface Budget {
  readonly limit: number;
  /** A changed limit; what this process holds already stays until its window or lease ends. */
  setLimit(limit: number): void;
  /** Whether `amount` can be taken without asking anybody. */
  has(amount: number): boolean;
  /** Whether asking the database for more is known to be of no use now. */
  usedUp(): boolean;
  /** Takes `amount`; calling the answer, instead of `end`, makes that undone. */
  take(amount: number): () => void;
  /** The work of a `take` has ended: frees its places where the limit is on what is in flight. */
  end(amount: number): void;
  /** Asks the database so that `amount` might be taken. Never rejects: an outage changes what `has` says. */
  fetch(amount: number): Promise<void>;
  state(): RateLimitState;
  retryAfterMs(): number;
  /** Called about once a second: gives idle holdings back and renews the others. */
  tick(): Promise<void>;
  /** Whether nothing would be lost by forgetting this budget. */
  idle(): boolean;
  /** Gives everything back that is not in use. */
  stop(): Promise<void>;
}
