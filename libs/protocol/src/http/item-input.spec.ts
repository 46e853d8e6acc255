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
    [{ image_url: { url: 'https://example.org/a', detail: 'low' } }, { kind: 'uri', uri: 'https://example.org/a' }],
    [
      { text: '', image: null, image_url: ' ' },
      { kind: 'text', text: '' },
    ],
    [
      { text: null, image: 'QUJD' },
      { kind: 'image', bytes: Buffer.from('ABC') },
    ],
    [
      { text: '', image: 'QUJD' },
      { kind: 'image', bytes: Buffer.from('ABC') },
    ],
    [
      { image: '', image_url: { url: 'https://a.b/c' } },
      { kind: 'uri', uri: 'https://a.b/c' },
    ],
    [
      { text: 'a cat', image: '', image_url: { url: '' } },
      { kind: 'text', text: 'a cat' },
    ],
    [{ image: '' }, { kind: 'image', bytes: Buffer.alloc(0) }],
    [{ image: ' \n https://example.org/a.png\t' }, { kind: 'uri', uri: 'https://example.org/a.png' }],
    [{ image: 'photos/cat.jpg' }, { kind: 'uri', uri: 'photos/cat.jpg' }],
    [{ image: '/pictures/cat.jpg' }, { kind: 'uri', uri: '/pictures/cat.jpg' }],
  ])('reads %j', async (value, source) => {
    expect(await parseItem(value, 'input[0]', 'text')).toEqual(source);
  });

  it('takes plain strings for images where the caller says so', async () => {
    expect(await parseItem('QUJD', 'input[0]', 'image')).toEqual({ kind: 'image', bytes: Buffer.from('ABC') });
  });

  it.each([
    'data:image/png;base64,AAAA',
    'DATA:IMAGE/PNG;BASE64,AAAA',
    ' data:image/png;base64,AAAA\n',
    'data:;base64,AAAA',
    'data:application/octet-stream;base64,AAAA',
    'data:base64,AAAA',
    'data:,AAAA',
    'data:image/png',
    'data:text/plain;charset=utf-8;base64,AAAA',
  ])('takes the data URI %j for an image, also as a plain string', async (uri) => {
    expect(await parseItem(uri, 'input[0]', 'text')).toEqual({ kind: 'uri', uri: uri.trim() });
  });

  it.each(['data: the new oil', 'Data, data; data', 'data:2024-01-01 to 2024-02-01', 'a data:image/png;base64,AAAA'])(
    'takes the sentence %j for a text',
    async (text) => {
      expect(await parseItem(text, 'input[0]', 'text')).toEqual({ kind: 'text', text });
    },
  );

  it.each([
    { text: 'a cat', image: 'QUJD' },
    { text: 'a cat', image_url: { url: 'https://example.org/a' } },
    { image: 'QUJD', image_url: 'https://example.org/a' },
    { type: 'text', text: 'a cat', image: 'QUJD' },
  ])('refuses the two contents of %j and says why', async (value) => {
    await expect(parseItem(value, 'input[3]', 'text')).rejects.toThrow(
      /^input\[3\] has both "\w+" and "\w+", and a CLIP model gives one vector/,
    );
  });

  it.each([
    [{ txt: 'a cat' }, 'text'],
    [{ img: 'QUJD' }, 'image'],
    [{ text: 'a cat', imgae: 'QUJD' }, 'image'],
    [{ url: 'https://example.org/a' }, 'image_url'],
    [{ image_url: { uri: 'https://example.org/a' } }, 'url'],
  ])('asks of %j whether %s was meant', async (value, meant) => {
    await expect(parseItem(value, 'input[3]', 'text')).rejects.toThrow(
      new RegExp(`^input\\[3\\](\\.image_url)? has no field "\\w+"\\. Did you mean "${meant}"\\?`),
    );
  });

  it('refuses a type that says otherwise than the content', async () => {
    await expect(parseItem({ type: 'text', image: 'QUJD' }, 'input[3]', 'text')).rejects.toThrow(/carries "image"/);
  });

  it('names the setting of the client that sends token ids', async () => {
    for (const value of [320, [320, 1929]])
      await expect(parseItem(value, 'input[0]', 'text')).rejects.toThrow(/token ids.*check_embedding_ctx_length=False/);
  });

  it.each([null, true, [], ['a'], {}, { text: 5 }, { image: null }, { image_url: {} }, { image: 'no base64!' }])(
    'refuses %j and says where it stands',
    async (value) => {
      await expect(parseItem(value, 'input[3]', 'text')).rejects.toThrow(
        expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(/^input\[3\] is n/) }),
      );
    },
  );
});
