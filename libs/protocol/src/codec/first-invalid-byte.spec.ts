import { describe, expect, it } from 'vitest';
import { firstInvalidByte } from './first-invalid-byte.js';

const sent = (text: string): Buffer => Buffer.from(text);
const bad = (before: string, ...bytes: number[]): Buffer =>
  Buffer.concat([sent(before), Buffer.of(...bytes), sent('z')]);

describe('the first byte that is not UTF-8', () => {
  it.each([
    ['nothing', ''],
    ['ASCII', 'a cat'],
    ['characters of two to four bytes', 'é猫🐈'],
    ['a replacement character that was sent', 'a \uFFFD cat'],
    ['many characters that go over the windows', 'a' + '🐈'.repeat(5000)],
  ])('is none in %s', (_, text) => {
    expect(firstInvalidByte(sent(text))).toBe(-1);
  });

  it.each([
    ['Latin-1', bad('caf', 0xe9), 3],
    ['a character that is cut at the end', sent('né🐈').subarray(0, 6), 3],
    ['half a surrogate pair', bad('ab', 0xed, 0xa0, 0x80), 2],
    ['a longer form than needed', bad('', 0xc0, 0xaf), 0],
    ['a byte that only continues', bad('é', 0x80), 2],
    ['bytes that only continue', Buffer.alloc(9000, 0x80), 0],
    ['something after replacement characters that were sent', bad('\uFFFD\uFFFD', 0xff), 6],
    ['something in a later window', bad('é'.repeat(5000), 0xe9), 10_000],
  ])('is found in %s', (_, bytes, place) => {
    expect(firstInvalidByte(bytes)).toBe(place);
  });
});
