import { type Clock, DomainError, sleep } from '#core';
import type { Call, Next, Step } from './call.js';

/**
 * Retries a request whose caller waits (`whenFull`) while the queue is full or the caller's limit is used up for a
 * moment: it tries the same work again after the time that the queue names, and meanwhile nothing more is read from its
 * stream. What a waiting HTTP request holds is bounded by the budget of bytes. Ends with the refusal when the caller
 * goes.
 */
export function waitForRoom(clock: Clock): Step {
  return (call, next) => (call.whenFull === 'wait' ? untilThereIsRoom(clock, call, next) : next(call));
}

async function untilThereIsRoom<Answer>(clock: Clock, call: Call, next: Next<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await next(call);
    } catch (err) {
      const waitMs = err instanceof DomainError ? roomInMs(err) : undefined;
      if (waitMs === undefined || call.signal.aborted) throw err;
      // An abort ends the pause; the next attempt fails with the reason that the caller gets.
      const startMs = clock.now();
      await sleep(clock, Math.min(Math.max(waitMs, 10), 1_000), call.signal).catch(() => undefined);
      call.arrival?.addPart('wait', startMs);
    }
  }
}

/** A limit that is used up for longer than this, in milliseconds, is reported to the caller and not waited for. */
const LIMIT_WAIT_MS_MAX = 1_000;

/**
 * When to try again; undefined where waiting is no help. Without a time to come back it is larger than all there is.
 */
function roomInMs({ code, retryAfterMs }: DomainError): number | undefined {
  if (code === 'queue_full') return retryAfterMs;
  const isShort = retryAfterMs !== undefined && retryAfterMs <= LIMIT_WAIT_MS_MAX;
  return code === 'rate_limited' && isShort ? retryAfterMs : undefined;
}
