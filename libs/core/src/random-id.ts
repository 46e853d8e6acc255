import { randomBytes } from 'node:crypto';

/**
 * Bytes that are asked of the system at a time: asking for each id costs more than cutting it out. An id that is kept
 * keeps the text alive that it was cut out of, so these are few.
 */
const BYTES_AT_A_TIME = 256;
let hex = '';
let used = 0;

/**
 * Returns a new id of `bytes` random bytes as small hexadecimal digits, two a byte. All zeros, which W3C Trace Context
 * forbids, is as likely as any other id: once in 2⁶⁴ for a span's.
 *
 * @example const requestId = randomId(16);
 */
export function randomId(bytes: number): string {
  const digits = bytes * 2;
  if (used + digits > hex.length) {
    hex = randomBytes(BYTES_AT_A_TIME).toString('hex');
    used = 0;
  }
  used += digits;
  return hex.slice(used - digits, used);
}
