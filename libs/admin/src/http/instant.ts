import { DomainError } from '#core';

/**
 * A date or time as callers write it, in milliseconds since 1970. A time without a zone is UTC, as all days and hours
 * are here; JavaScript would take it for the machine's.
 *
 * @throws DomainError `invalid_argument`
 */
export function instantOf(text: string): number {
  const time = text.trim().replace(/\s/, 'T');
  const namesNoZone = /T[\d:.,]+$/i.test(time);
  const ms = Date.parse(namesNoZone ? `${time}Z` : time);
  if (Number.isFinite(ms)) return ms;
  throw new DomainError('invalid_argument', 'A time must be like 2026-01-31 or 2026-01-31T09:30:00Z.');
}
