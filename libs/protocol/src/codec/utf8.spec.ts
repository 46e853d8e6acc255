import { describe, expect, it } from 'vitest';
import { requireUtf8, firstInvalidByte } from './utf8.js';

const MEBIBYTE = 1024 * 1024;

describe('requireUtf8', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['letters of every length', Buffer.from('a é 日 🐈')],
    ['characters across the bounds of pieces', Buffer.from(`a${'日'.repeat(MEBIBYTE)}`)],
  ])('lets %s pass', async (_what, bytes) => {
    expect((await requireUtf8(bytes, 'The body')).equals(bytes)).toBe(true);
  });

  it('drops a byte-order mark', async () => {
    expect(await requireUtf8(Buffer.from('\ufeff{}'), 'The body')).toEqual(Buffer.from('{}'));
  });

  it.each<[string, Buffer, number]>([
    ['Latin-1', Buffer.from('{"a":"caf\xe9"}', 'latin1'), 9],
    ['a character that is cut', Buffer.from('"日').subarray(0, 3), 1],
    ['a character that goes on where none began', Buffer.from([0x22, 0x80, 0x22]), 1],
    ['many of those', Buffer.concat([Buffer.alloc(MEBIBYTE, 'a'), Buffer.alloc(9, 0x80)]), MEBIBYTE],
    ['half a surrogate pair', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 1],
    ['a wrong byte far behind', Buffer.concat([Buffer.alloc(3 * MEBIBYTE, '日'), Buffer.of(0xff)]), 3 * MEBIBYTE],
    ['UTF-16 with its mark', Buffer.from('\ufeff{}', 'utf16le'), 0],
  ])('refuses %s and says at which byte', async (_what, bytes, at) => {
    await expect(requireUtf8(bytes, 'The body')).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining(`byte ${at} `),
    });
  });
});

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
