import { describe, expect, it } from 'vitest';
import { decodeDataUri } from './data-uri.js';

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
const base64 = Buffer.from(bytes).toString('base64');
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('decodeDataUri', () => {
  it.each([
    ['base64', `data:image/png;base64,${base64}`],
    ['no media type', `data:;base64,${base64}`],
    ['parameters and capitals', `DATA:image/png;name=a;BASE64,${base64}`],
    ['the URL alphabet', `data:image/png;base64,${Buffer.from(bytes).toString('base64url')}`],
    ['lines of 76 characters', `data:image/png;base64,${base64.replace(/.{76}/g, '$&\r\n')}`],
    ['escapes in capitals', `data:,${[...bytes].map((byte) => `%${hex(byte).toUpperCase()}`).join('')}`],
    ['escaped base64', `data:image/png;base64,${encodeURIComponent(base64)}`],
    ['percent-encoding', `data:image/png,${[...bytes].map((byte) => `%${hex(byte)}`).join('')}`],
  ])('decodes %s', async (_name, uri) => {
    expect(Buffer.from(await decodeDataUri(uri, 256))).toEqual(Buffer.from(bytes));
  });

  it('keeps plain characters and broken escapes as they are', async () => {
    const broken = ['a%zz%4', '%', '%%', '%4G%G4', '%é1', '% 1%-1', '%4%'];
    for (const text of broken) expect(Buffer.from(await decodeDataUri(`data:,${text}`, 100)).toString()).toBe(text);
    expect(Buffer.from(await decodeDataUri('data:,%%41%414%4', 100)).toString()).toBe('%AA4%4');
  });

  it.each([
    ['base64', `data:;base64,${base64}`],
    ['plain text', `data:,${'x'.repeat(256)}`],
    ['escapes', `data:,${'%41'.repeat(256)}`],
    ['far too long', `data:;base64,${'A'.repeat(1_000_000)}`],
  ])('refuses one byte too many: %s', async (_name, uri) => {
    await expect(decodeDataUri(uri, 255)).rejects.toThrow(code('image_too_large'));
  });

  it.each([
    ['no comma', 'data:image/png;base64'],
    ['no base64', 'data:image/png;base64,<svg>'],
  ])('says what is malformed: %s', async (_name, uri) => {
    await expect(decodeDataUri(uri, 255)).rejects.toThrow(code('image_unreadable'));
  });
});
