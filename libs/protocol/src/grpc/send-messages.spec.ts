import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, messageField, requestWith } from '../testing/proto-messages.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

const STREAM = '/jina.JinaRPC/Call';
const UNARY = '/jina.JinaSingleDataRequestRPC/process_single_data';
const CONTENT = Buffer.alloc(900_000, 'cas');

let server: RunningServer;
let session: ClientHttp2Session;
beforeEach(async () => {
  server = await startServer({ requestBytesMax: 1_000_000, inFlightBytesMax: 8_000_000 });
  session = connect(`http://127.0.0.1:${server.port}`);
  session.on('error', () => undefined);
});
afterEach(async () => {
  session.destroy();
  await server.app.close();
});

/** A call whose answer holds all that its message holds; nothing of it is read yet. */
function echo(path: string): ClientHttp2Stream {
  const call = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  call.on('error', () => undefined);
  const head = messageField(1, messageField(3, Buffer.from('/')));
  const request = Buffer.concat([head, requestWith(encodeMessage('docarray.DocumentProto', { blob: CONTENT }))]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(request.length, 1);
  call.end(Buffer.concat([prefix, request]));
  return call;
}

/** Resolves when the request is worked on; its answer waits for the client. */
async function answered(count: number): Promise<void> {
  await expect.poll(() => server.outcomes.length).toBe(count);
  for (let time = 0; time < 2; time++) await new Promise((resolve) => session.ping(() => resolve(undefined)));
}

describe.each([
  ['a stream', STREAM],
  ['a call', UNARY],
])('a large answer of %s', (_what, path) => {
  it('comes whole to a client that reads it slowly', async () => {
    const call = echo(path);
    await answered(1);
    server.clock.advance(590_000);
    const chunks: Buffer[] = [];
    for await (const chunk of call) {
      chunks.push(chunk as Buffer);
      server.clock.advance(chunks.length < 20 ? 100 : 30_000);
    }
    const bytes = Buffer.concat(chunks);
    expect(bytes.readUInt32BE(1)).toBe(bytes.length - 5);
    expect(bytes.subarray(5).includes(CONTENT)).toBe(true);
    expect(() => decodeMessage('jina.DataRequestProto', bytes.subarray(5))).not.toThrow();
  });

  it('that is not read for ten minutes ends the call', async () => {
    const call = echo(path);
    await answered(1);
    server.clock.advance(599_000);
    for (let time = 0; time < 2; time++) await new Promise((resolve) => session.ping(() => resolve(undefined)));
    expect(call.closed).toBe(false);
    server.clock.advance(1_000);
    await once(call, 'close');
    expect(call.rstCode).toBe(constants.NGHTTP2_CANCEL);
  });
});
