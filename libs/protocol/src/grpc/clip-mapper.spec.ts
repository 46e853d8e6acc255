import { describe, expect, it } from 'vitest';
import { parseEncodeRequest, parseRankRequest } from './clip-mapper.js';

const text = { source: 'text', text: 'a cat' };
const refused = (part: string) =>
  expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(part) });

describe('parseEncodeRequest', () => {
  it('reads every kind of item and takes an empty model for the default one', () => {
    const image = Buffer.from('bytes');
    const items = [text, { source: 'image', image }, { source: 'imageUri', imageUri: 'https://example.org/a.png' }];
    expect(parseEncodeRequest({ id: 'r', model: '', items, normalize: true })).toEqual({
      id: 'r',
      model: undefined,
      items: [
        { kind: 'text', text: 'a cat' },
        { kind: 'image', bytes: image },
        { kind: 'uri', uri: 'https://example.org/a.png' },
      ],
      normalize: true,
    });
  });

  it('names the item that holds nothing', () => {
    expect(() => parseEncodeRequest({ items: [text, {}] })).toThrow(refused('items[1]'));
    expect(() => parseEncodeRequest({ items: [{ source: 'image', image: 'no bytes' }] })).toThrow(refused('items[0]'));
  });

  it.each([undefined, null, 5, {}])('reads %j as a request without items', (message) => {
    expect(parseEncodeRequest(message)).toEqual({ id: '', model: undefined, items: [], normalize: false });
  });
});

describe('parseRankRequest', () => {
  it('needs a query and at least one candidate', () => {
    expect(() => parseRankRequest({ query: text, candidates: [] })).toThrow(refused('candidates is empty'));
    expect(() => parseRankRequest({ query: null, candidates: [text] })).toThrow(refused('query'));
    expect(() => parseRankRequest({ query: text, candidates: [text, {}] })).toThrow(refused('candidates[1]'));
    expect(parseRankRequest({ query: text, candidates: [text] }).candidates).toHaveLength(1);
  });
});
