import { randomFillSync } from 'node:crypto';

/** Bytes that are asked of the system at a time: asking for each id costs more than cutting it out. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/**
 * Returns a new id of `bytes` random bytes, 4,096 at most, as small hexadecimal digits, two a byte. All zeros, which
 * W3C Trace Context forbids, is as likely as any other id: once in 2⁶⁴ for a span's.
 *
 * @example const requestId = randomId(16);
 */
export function randomId(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
