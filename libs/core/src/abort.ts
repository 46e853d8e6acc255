import { DomainError } from './domain-error.js';

/**
 * The error that an aborted signal means for a caller: the signal's own DomainError where the reason is one,
 * `deadline_exceeded` for `AbortSignal.timeout`, else `cancelled`.
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
 * Returns what `work` gives, for a caller that waits only until `signal` aborts. The work goes on, and its outcome is
 * dropped. The signal keeps no listener after this has settled, so it may live long.
 *
 * @throws DomainError as `abortError` gives it, at once when the signal has aborted already
 * @example const image = await untilAborted(signal, download(url));
 */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(abortError(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  return promise;
}
