import { describe, expect, it } from 'vitest';
import {
  ITEMS_OF_NO_CONTENT,
  ITEMS_WITH_OTHER_FIELDS,
  ITEMS_WITH_TWO_CONTENTS,
  READ_ITEMS,
} from '../testing/item-samples.js';
import { parseItem } from './item-input.js';

describe('parseItem', () => {
  it.each([...READ_ITEMS])('reads %j', async (value, source) => {
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

  it.each([...ITEMS_WITH_TWO_CONTENTS])('refuses the two contents of %j and says why', async (value) => {
    await expect(parseItem(value, 'input[3]', 'text')).rejects.toThrow(
      /^input\[3\] has both "\w+" and "\w+", and a CLIP model gives one vector/,
    );
  });

  it.each([...ITEMS_WITH_OTHER_FIELDS])('asks of %j whether %s was meant', async (value, meant) => {
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

  it.each([...ITEMS_OF_NO_CONTENT, { image: 'no base64!' }])('refuses %j and says where it stands', async (value) => {
    await expect(parseItem(value, 'input[3]', 'text')).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(/^input\[3\] is n/) }),
    );
  });
});
