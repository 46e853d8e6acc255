import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import { ManualClock, type Principal, type UsageLimits, anonymous } from '#core';
import type { Database } from '#database';
import { Admission } from '../limits/admission.js';
import { type Grant, RateLimitedError } from '../limits/rate-limit.js';

/** A clock whose wall can be set apart from its monotonic time. */
class WallClock extends ManualClock {
  shiftMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.shiftMs;
  }
}

/** Several processes over one database and one clock. */
export class Pods {
  readonly clock = new WallClock();
  readonly pods: Admission[];
  private readonly transactions;

  constructor(
    readonly database: Database,
    count: number,
    total: UsageLimits = {},
  ) {
    this.transactions = vi.spyOn(database, 'transaction');
    const { clock } = this;
    this.pods = Array.from(
      { length: count },
      (_, at) => new Admission({ database, clock, total, holder: `pod-${at}` }),
    );
  }

  get queries(): number {
    return this.transactions.mock.calls.length;
  }

  /** The grant, or the refusal. */
  async ask(pod: number, principal: Principal, items = 1): Promise<Grant | RateLimitedError> {
    try {
      return await this.pods[pod]!.admit({ principal, items });
    } catch (err) {
      if (err instanceof RateLimitedError) return err;
      throw err;
    }
  }

  /** Lets time pass second by second; the given pods (all, unless said otherwise) do their regular work. */
  async pass(seconds: number, alive: number[] = this.pods.map((_, at) => at)): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.quiet();
      for (const at of alive) this.pods[at]!.start();
      this.clock.advance(1000);
      for (const at of alive) await this.pods[at]!.settled();
    }
  }

  /** Waits for what runs in the background: a clock that is turned meanwhile would make the database look slow. */
  async quiet(): Promise<void> {
    await Promise.allSettled(
      this.transactions.mock.results.slice(-50).map((result) => result.value as Promise<unknown>),
    );
    await setImmediate();
  }

  /** The next calls of the database fail. */
  breakDatabase(err: Error): () => void {
    this.transactions.mockImplementation(() => Promise.reject(err));
    return () => void this.transactions.mockRestore();
  }
}

export function buildPrincipal(limits: UsageLimits, id = 'token-1'): Principal {
  return { ...anonymous, id, name: id, limits };
}

export function isGrant(answer: Grant | RateLimitedError): answer is Grant {
  return !(answer instanceof RateLimitedError);
}

/** The grant; throws the refusal. */
export function grantOf(answer: Grant | RateLimitedError): Grant {
  if (isGrant(answer)) return answer;
  throw answer;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
