import { DomainError } from '#core';
import type { TracePosition } from '#telemetry';

/** The begin of the request in milliseconds, its trace id, and the id of its own span. */
const CURSOR = /^(\d{1,15})-([0-9a-f]{32}-[0-9a-f]{16})$/;

/** Writes the place after which the next page begins. */
export function formatCursor({ startedAtMs, key }: TracePosition): string {
  return `${startedAtMs}-${key}`;
}

/** @throws DomainError `invalid_argument` for what `formatCursor` never wrote */
export function parseCursor(text: string): TracePosition {
  const [, startedAtMs, key] = CURSOR.exec(text) ?? [];
  if (key !== undefined) return { startedAtMs: Number(startedAtMs), key };
  throw new DomainError('invalid_argument', 'cursor must be the cursor of the page before, as it was answered.');
}
