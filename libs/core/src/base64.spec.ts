import { describe, expect, it } from 'vitest';
import { Base64Decoder, decodeBase64 } from './base64.js';

const bytes = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte));
const base64 = bytes.toString('base64');

describe('decodeBase64', () => {
  it.each([
    ['the standard alphabet', base64],
    ['the URL alphabet, which has no padding', bytes.toString('base64url')],
    ['lines', base64.replace(/.{76}/g, '$&\r\n')],
    ['blanks at the end', `${base64} \n`],
  ])('reads %s', async (_name, text) => {
    expect(await decodeBase64(text)).toEqual(bytes);
  });

  it('reads nothing from nothing', async () => {
    expect(await decodeBase64('')).toEqual(Buffer.alloc(0));
  });

  it.each(['!', 'A', 'AAAAA', 'AA=A', 'AA==AA', 'a b c d e', 'AAAA!AAAA'])('refuses %j', async (text) => {
    expect(await decodeBase64(text)).toBeUndefined();
  });
});

describe('Base64Decoder', () => {
  it.each([1, 2, 3, 4, 5, 7, 75])('reads what comes in pieces of %i characters', (length) => {
    const text = base64.replace(/.{76}/g, '$&\n');
    const decoder = new Base64Decoder(text.length);
    for (let at = 0; at < text.length; at += length) expect(decoder.push(text.slice(at, at + length))).toBe(true);
    expect(decoder.finish()).toEqual(bytes);
  });
});
