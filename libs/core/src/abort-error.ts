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
