import { abortError, type Clock, DomainError, sleep } from '#core';
import { PassingFault } from './hub-errors.js';

/** How often `withRetries` tries, and by which clock it waits. */
export interface RetryOptions {
  readonly clock: Clock;
  /** It gives up after this many attempts in a row that bring nothing. */
  readonly attemptsMax: number;
}

const FIRST_DELAY_MS = 1_000;
const DELAY_MS_MAX = 30_000;
/** A server that asks to wait longer than this is reported instead. The hub's quotas are per five minutes. */
const RETRY_AFTER_MS_MAX = 330_000;

/**
 * Calls `work` until it succeeds. After a PassingFault it waits: as long as the server asks, else 1 s, 2 s … 30 s. An
 * attempt that made progress starts the count anew. Rejects with `unavailable` when the attempts are used up, with
 * anything else that `work` throws, and with the signal's reason when it aborts. docs/adr/0020 says why this is not
 * p-retry.
 *
 * @example
 * const list = () => client.revision('owner/name', 'main');
 * await withRetries(list, { clock, attemptsMax: 6 }, (fault) => log(fault.message), signal);
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { clock, attemptsMax }: RetryOptions,
  onRetry: (fault: PassingFault, delayMs: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await work();
    } catch (thrown) {
      if (signal?.aborted) throw abortError(signal);
      if (!(thrown instanceof PassingFault)) throw thrown;
      failures = thrown.progressed ? 1 : failures + 1;
      const delayMs = thrown.retryAfterMs ?? Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (failures - 1));
      if (failures >= attemptsMax || delayMs > RETRY_AFTER_MS_MAX) throw givenUp(thrown);
      onRetry(thrown, delayMs);
      await sleep(clock, delayMs, signal);
    }
  }
}

function givenUp(fault: PassingFault): DomainError {
  return new DomainError(
    'unavailable',
    `The model could not be downloaded: ${fault.message}. What has arrived is kept; try again later.`,
    {
      internal: String(fault.cause ?? fault.message),
      cause: fault,
      ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
    },
  );
}
