/**
 * A time as RFC 3339 in UTC, to the microsecond as Python writes it, without the zone: the JSON forms differ in that
 * (`+00:00` or `Z`). `timeMs` is milliseconds since 1970, fractions kept.
 */
export function utcTime(timeMs: number): string {
  const micros = Math.round(timeMs * 1000);
  const seconds = Math.floor(micros / 1e6);
  const date = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${date}.${String(micros - seconds * 1e6).padStart(6, '0')}`;
}
