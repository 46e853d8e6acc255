import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { readEncodeRequest, readRankRequest } from './clip-request.js';

const root = protobuf.loadSync(fileURLToPath(new URL('../../../../proto/clip/v1/clip.proto', import.meta.url)));

/** An encoder that shares nothing with ours. */
function encode(name: string, message: object): Buffer {
  const type = root.lookupType(`clip.v1.${name}`);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}
const encodeRequest = (message: object): Buffer => encode('EncodeRequest', message);

const text = { text: 'a cat' };
const invalid = (part: string) => ({ code: 'invalid_argument', message: expect.stringContaining(part) });
/** A field that nobody knows, of two bytes. */
const unknown = Buffer.from([0x50, 0x01]);

describe('readEncodeRequest', () => {
  it('counts the items at once and makes them when asked', async () => {
    const image = Buffer.from('bytes');
    const items = [text, { image }, { imageUri: 'https://example.org/a.png' }];
    const request = await readEncodeRequest(encodeRequest({ id: 'r', model: 'm', items, normalize: true }));
    expect(request).toMatchObject({ id: 'r', model: 'm', count: 3, normalize: true });
    expect(await request.items()).toEqual([
      { kind: 'text', text: 'a cat' },
      { kind: 'image', bytes: image },
      { kind: 'uri', uri: 'https://example.org/a.png' },
    ]);
  });

  it('takes an empty model for the default one and no bytes for no items', async () => {
    expect((await readEncodeRequest(encodeRequest({ model: '', items: [text] }))).model).toBeUndefined();
    const empty = await readEncodeRequest(Buffer.alloc(0));
    expect(empty).toMatchObject({ id: '', model: undefined, count: 0, normalize: false });
    expect(await empty.items()).toEqual([]);
  });

  it('copies no image', async () => {
    const message = encodeRequest({ items: [{ image: Buffer.from('picture') }] });
    const [item] = await (await readEncodeRequest(message)).items();
    expect(item?.kind === 'image' && item.bytes.buffer).toBe(message.buffer);
  });

  it('lets the last of several sources count, and steps over what it does not know', async () => {
    const item = Buffer.concat([encode('Item', { image: Buffer.from('i') }), unknown, encode('Item', text)]);
    const message = Buffer.concat([unknown, Buffer.from([0x1a, item.length]), item, unknown]);
    expect(await (await readEncodeRequest(message)).items()).toEqual([{ kind: 'text', text: 'a cat' }]);
  });

  it('names the item that holds nothing', async () => {
    const request = await readEncodeRequest(encodeRequest({ items: [text, {}] }));
    await expect(request.items()).rejects.toMatchObject(invalid('items[1] has no source'));
  });

  it('makes nothing of items that are only counted', async () => {
    const broken = Buffer.from([0x1a, 0x01, 0xff]);
    expect((await readEncodeRequest(Buffer.concat([broken, broken]))).count).toBe(2);
  });

  it.each([
    ['that is cut', encodeRequest({ items: [text] }).subarray(0, 5)],
    ['of a wire type that does not exist', Buffer.from([0x7f])],
    ['of something else', Buffer.from('GET / HTTP/1.1')],
  ])('refuses a message %s and names the type it needs', async (_, bytes) => {
    await expect(readEncodeRequest(bytes)).rejects.toMatchObject(invalid('Send clip.v1.EncodeRequest'));
  });

  it.each([
    ['text', { items: [text, { text: 'x' }] }, 'items[1].text'],
    ['address', { items: [{ imageUri: 'x' }] }, 'items[0].image_uri'],
  ])('refuses an item whose %s is not UTF-8 and says which and where', async (_, message, place) => {
    const bytes = encodeRequest(message);
    const at = bytes.lastIndexOf('x');
    bytes[at] = 0xe9;
    await expect((await readEncodeRequest(bytes)).items()).rejects.toMatchObject(
      invalid(`${place} is not valid UTF-8: its byte 0 (byte ${at} of the message)`),
    );
  });

  it.each(['id', 'model'])('refuses a request whose %s is not UTF-8', async (name) => {
    const bytes = encodeRequest({ [name]: 'x' });
    bytes[bytes.length - 1] = 0xe9;
    await expect(readEncodeRequest(bytes)).rejects.toMatchObject(invalid(`${name} is not valid UTF-8`));
  });

  it('refuses more fields than a message may have, also within one item', async () => {
    const tooMany = { code: 'request_too_large', message: expect.stringContaining('4000000 fields') };
    const fields = Buffer.alloc(8_000_002, unknown);
    await expect(readEncodeRequest(fields)).rejects.toMatchObject(tooMany);
    const item = Buffer.concat([Buffer.from([0x1a, 0x82, 0xa4, 0xe8, 0x03]), fields]);
    await expect((await readEncodeRequest(item)).items()).rejects.toMatchObject(tooMany);
  });
});

describe('readRankRequest', () => {
  const rankRequest = (message: object) => readRankRequest(encode('RankRequest', message));

  it('counts the query and the candidates at once and makes them when asked', async () => {
    const request = await rankRequest({ model: 'm', query: text, candidates: [text, { imageUri: 'u' }] });
    expect(request).toMatchObject({ model: 'm', count: 3 });
    expect(await request.items()).toEqual({
      query: { kind: 'text', text: 'a cat' },
      candidates: [
        { kind: 'text', text: 'a cat' },
        { kind: 'uri', uri: 'u' },
      ],
    });
  });

  it('needs a query and at least one candidate', async () => {
    await expect(rankRequest({ query: text })).rejects.toMatchObject(invalid('candidates is empty'));
    await expect((await rankRequest({ candidates: [text] })).items()).rejects.toMatchObject(
      invalid('query has no source'),
    );
    await expect((await rankRequest({ query: text, candidates: [text, {}] })).items()).rejects.toMatchObject(
      invalid('candidates[1] has no source'),
    );
  });
});
