import { DomainError } from './domain-error.js';

/**
 * What an aborted signal says to a caller: its own DomainError where the one who aborted gave one, `deadline_exceeded`
 * for `AbortSignal.timeout`, else `cancelled`.
 */
export function abortError(signal: AbortSignal): DomainError {
  const reason: unknown = signal.reason;
  if (reason instanceof DomainError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new DomainError('deadline_exceeded', 'The deadline of the request passed before its items were done.');
  }
  return new DomainError('cancelled', 'The caller cancelled the request.');
}

/**
 * What `work` gives, for a caller that waits no longer than until `signal` aborts. The work goes on, and what becomes of it
 * is dropped. The signal keeps no listener once this has settled, so it may live long.
 *
 * @throws DomainError as `abortError` gives it, at once when the signal has aborted already
 */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(abortError(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  return promise;
}
