import { describe, expect, it } from 'vitest';
import { parseItem } from './item-input.js';

describe('parseItem', () => {
  it.each([
    ['a cat', { kind: 'text', text: 'a cat' }],
    ['https://example.org is a page', { kind: 'text', text: 'https://example.org is a page' }],
    ['data:image/png;base64,AAAA', { kind: 'uri', uri: 'data:image/png;base64,AAAA' }],
    [
      { type: 'text', text: 'a cat' },
      { kind: 'text', text: 'a cat' },
    ],
    [{ image: 'https://example.org/a.png' }, { kind: 'uri', uri: 'https://example.org/a.png' }],
    [{ image: 'QUJD\r\nRA==' }, { kind: 'image', bytes: Buffer.from('ABCD') }],
    [
      { type: 'image_url', image_url: { url: 'https://example.org/a' } },
      { kind: 'uri', uri: 'https://example.org/a' },
    ],
    [{ image_url: 'https://example.org/a' }, { kind: 'uri', uri: 'https://example.org/a' }],
  ])('reads %j', (value, source) => {
    expect(parseItem(value, 'input[0]', 'text')).toEqual(source);
  });

  it('takes plain strings for images where the caller says so', () => {
    expect(parseItem('QUJD', 'input[0]', 'image')).toEqual({ kind: 'image', bytes: Buffer.from('ABC') });
  });

  it.each([null, 5, true, [], [1, 2], {}, { text: 5 }, { image: null }, { image_url: {} }, { image: 'no base64!' }])(
    'refuses %j and says where it stands',
    (value) => {
      expect(() => parseItem(value, 'input[3]', 'text')).toThrow(
        expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(/^input\[3\] is n/) }),
      );
    },
  );
});
