import { describe, expect, it } from 'vitest';
import {
  decodeDataRequest,
  encodeMessage as encode,
  fullDocument,
  messageField as field,
  requestWith,
  struct,
} from '../../testing/proto-messages.js';

const receivedAtMs = 1_795_480_272_424.212;

describe('decodeDataRequest of bytes that are no request', () => {
  const invalid = expect.objectContaining({ code: 'invalid_argument' }) as Error;
  const tooLarge = (part: string) => ({ code: 'request_too_large', message: expect.stringContaining(part) });

  it('refuses a message that is cut anywhere, or gives fewer documents, but never crashes', async () => {
    const whole = requestWith(encode('docarray.DocumentProto', { ...fullDocument, chunks: [] }));
    for (let length = 1; length < whole.length; length += 1) {
      await expect(decodeDataRequest(whole.subarray(0, length), receivedAtMs)).rejects.toThrow(invalid);
    }
  });

  it.each([
    ['a field number of 0', Buffer.from([0x02, 0x00])],
    ['a wire type that does not exist', Buffer.from([0x0f])],
    ['a varint without end', Buffer.alloc(12, 0xff)],
    ['a group that ends wrongly', Buffer.from([0x2b, 0x34])],
    ['groups nested without end', Buffer.alloc(1000, 0x2b)],
    ['a string that is not UTF-8', field(1, field(1, Buffer.from([0xff, 0xfe])))],
    ['a nested message that is longer than what holds it', Buffer.from([0x0a, 0x02, 0x0a, 0x7f, 0, 0, 0, 0])],
    ['text', Buffer.from('GET / HTTP/1.1')],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeDataRequest(bytes, receivedAtMs)).rejects.toThrow(invalid);
  });

  it('refuses documents and structs that are nested too deep', async () => {
    let chunks: Uint8Array = Buffer.alloc(0);
    let list: Uint8Array = Buffer.alloc(0);
    for (let depth = 0; depth < 200; depth += 1) {
      chunks = field(14, chunks);
      list = field(6, field(1, list));
    }
    await expect(decodeDataRequest(requestWith(chunks), receivedAtMs)).rejects.toThrow('nested deeper than 100');
    await expect(decodeDataRequest(field(2, field(1, field(2, list))), receivedAtMs)).rejects.toThrow(
      'nested too deep',
    );
  });

  it('refuses more documents, or axes, than a message may have', async () => {
    const documents = Buffer.alloc(300_000, Buffer.from([0x0a, 0x00]));
    await expect(decodeDataRequest(field(4, field(1, documents)), receivedAtMs)).rejects.toThrow(
      'Split it into several requests',
    );
    const shape = field(16, field(1, field(2, Buffer.alloc(65, 1))));
    await expect(decodeDataRequest(requestWith(shape), receivedAtMs)).rejects.toThrow('more than 64 axes');
  });

  it('refuses more scores, values of parameters or fields than a message may have', async () => {
    const small = Buffer.from([0x0a, 0x00]);
    const scores = requestWith(Buffer.alloc(300_003, Buffer.from([0x92, 0x01, 0x00])));
    await expect(decodeDataRequest(scores, receivedAtMs)).rejects.toMatchObject(tooLarge('100000 scores'));
    const parameters = field(2, Buffer.alloc(20_002, small));
    await expect(decodeDataRequest(parameters, receivedAtMs)).rejects.toMatchObject(
      tooLarge('10000 values in parameters'),
    );
    const values = field(2, field(1, field(2, field(6, Buffer.alloc(20_002, small)))));
    await expect(decodeDataRequest(values, receivedAtMs)).rejects.toMatchObject(tooLarge('10000 values'));
    const fields = Buffer.alloc(8_000_002, Buffer.from([0x50, 0x01]));
    await expect(decodeDataRequest(fields, receivedAtMs)).rejects.toMatchObject(tooLarge('4000000 fields'));
  });

  it.each([
    ['tags', 17],
    ['metadata', 20],
    ['embedding', 16],
    ['tensor', 3],
    ['scores', 18],
  ])('refuses %s of more fields than are read in one go, by name', async (name, number) => {
    const part = (fields: number): Uint8Array =>
      requestWith(field(number, Buffer.alloc(2 * fields, Buffer.of(0x78, 1))));
    expect((await decodeDataRequest(part(500_000), receivedAtMs)).documents).toHaveLength(1);
    await expect(decodeDataRequest(part(500_001), receivedAtMs)).rejects.toMatchObject(
      tooLarge(`data.docs.docs[0].${name} has more than 500000 fields`),
    );
  });

  it('refuses a text, or parameters, longer than any model looks at', async () => {
    const most = 'x'.repeat(2 * 1024 * 1024);
    const text = (value: string): Uint8Array => requestWith(encode('docarray.DocumentProto', { text: value }));
    expect((await decodeDataRequest(text(most), receivedAtMs)).documents).toEqual([{ text: most }]);
    await expect(decodeDataRequest(text(`${most}x`), receivedAtMs)).rejects.toMatchObject(
      tooLarge('data.docs.docs[0].text is a text of more than 2097152 bytes'),
    );
    const parameters = encode('jina.DataRequestProto', { parameters: struct(most) });
    await expect(decodeDataRequest(parameters, receivedAtMs)).rejects.toMatchObject(
      tooLarge('parameters holds more than 2097152 bytes'),
    );
  });

  it('reads an address that holds a picture whatever its length, and no other', async () => {
    const uri = `data:image/png;base64,${'A'.repeat(3 * 1024 * 1024)}`;
    const request = (value: string): Uint8Array => requestWith(encode('docarray.DocumentProto', { uri: value }));
    expect((await decodeDataRequest(request(uri), receivedAtMs)).documents).toEqual([{ uri }]);
    for (const other of [`${uri}é`, uri.replace('data:', 'http://')]) {
      await expect(decodeDataRequest(request(other), receivedAtMs)).rejects.toMatchObject(
        tooLarge('data.docs.docs[0].uri is a text of more than'),
      );
    }
  });

  it.each([
    ['a text', { text: 'x' }, 'data.docs.docs[1].text'],
    ['an address', { uri: 'x' }, 'data.docs.docs[1].uri'],
    ['an id of a match', { matches: [{ id: 'a' }, { id: 'x' }] }, 'data.docs.docs[1].matches[1].id'],
    ['a tag', { tags: struct('x') }, 'data.docs.docs[1].tags.fields.value.string_value'],
    ['the key of a tag', { tags: { fields: { x: {} } } }, 'data.docs.docs[1].tags.fields.key'],
    ['metadata', { _metadata: struct('x') }, 'data.docs.docs[1].metadata.fields.value.string_value'],
    ['a score', { scores: { x: {} } }, 'data.docs.docs[1].scores.key'],
    ['an evaluation', { evaluations: { a: { ref_id: 'x' } } }, 'data.docs.docs[1].evaluations.value.ref_id'],
    ['parameters of an array', { embedding: { parameters: struct('x') } }, 'embedding.parameters.fields.value'],
  ])('refuses %s that is not UTF-8 and says where', async (_, document, place) => {
    const whole = Buffer.from(requestWith(Buffer.alloc(0), encode('docarray.DocumentProto', document)));
    const at = whole.lastIndexOf('x');
    whole[at] = 0xe9;
    const message = expect.stringMatching(
      new RegExp(
        `${place.replaceAll(/[.[\]]/g, '\\$&')}.* is not valid UTF-8: its byte 0 \\(byte ${at} of the message\\)`,
      ),
    );
    await expect(decodeDataRequest(whole, receivedAtMs)).rejects.toMatchObject({ code: 'invalid_argument', message });
  });

  it('accepts U+FFFD that was really sent', async () => {
    const request = requestWith(encode('docarray.DocumentProto', { text: '\uFFFD' }));
    expect((await decodeDataRequest(request, receivedAtMs)).documents).toEqual([{ text: '\uFFFD' }]);
  });
});
