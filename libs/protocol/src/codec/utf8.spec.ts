import { describe, expect, it } from 'vitest';
import { requireUtf8 } from './utf8.js';

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
