import { InvalidArgumentError } from 'commander';
import type { AuditHead } from '#audit';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a whole number of at least 1. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

/** Parses a whole number of at least 1, or `none`, which removes a limit. */
export function wholeNumberOrNone(text: string): number | 'none' {
  return text === 'none' ? text : wholeNumber(text);
}

/** Collects the values of an option that may come several times, each with values between commas. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length > 0) return [...before, ...values];
  throw new InvalidArgumentError('It needs a value.');
}

/** Parses `90s`, `30m`, `24h`, `7d` or `0` into milliseconds. */
export function duration(text: string): number {
  if (text === '0') return 0;
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (count !== undefined && unitMs !== undefined) return Number(count) * unitMs;
  throw new InvalidArgumentError('It must be a time such as 30m, 24h or 7d, or 0.');
}

/** Parses a day or a time into milliseconds since 1970; a time without a zone is UTC. */
export function instant(text: string): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/i.test(text);
  const ms = isDay || isTime ? Date.parse(isTime && !/(Z|[+-]\d{2}:\d{2})$/i.test(text) ? `${text}Z` : text) : NaN;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It must be a time such as 2026-01-31 or 2026-01-31T09:30:00Z.');
}

/** Parses the end of a span: as `instant`, but a day alone means its last millisecond. */
export function lastInstant(text: string): number {
  return instant(text.includes('T') || text.includes('t') ? text : `${text}T23:59:59.999Z`);
}

/** Parses `12:9f86…`, as `cas audit verify` prints it. */
export function auditHead(text: string): AuditHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash: hash.toLowerCase() };
  throw new InvalidArgumentError('It must be the number of an event, a colon and its hash of 64 hexadecimal digits.');
}
