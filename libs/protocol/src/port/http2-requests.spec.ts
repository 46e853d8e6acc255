import { once } from 'node:events';
import { createServer, connect, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { Http2Requests, type StreamEvent } from './http2-requests.js';

const REQUEST_MS_MAX = 60_000;
const PIECE = Buffer.alloc(256 * 1024, 'x');

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** A request under way, whose head has arrived at a handler that reads the body and answers with its length. */
async function begin(headers: Record<string, string> = {}) {
  const clock = new ManualClock();
  const requests = new Http2Requests({ requestMsMax: REQUEST_MS_MAX, clock });
  let size = 0;
  let arrived = () => {};
  const heads: IncomingHttpHeaders[] = [];
  requests.serveBy((req, res) => {
    heads.push(req.headers);
    req.on('data', (piece: Buffer) => {
      size += piece.length;
      arrived();
    });
    req.on('end', () => res.end(`${size}`));
    req.on('error', () => undefined);
  });
  const server = createServer();
  server.on('stream', (...event) => requests.serve(...(event as unknown as StreamEvent)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stream = session.request({ ':method': 'POST', ...headers });
  stream.on('error', () => undefined);
  endings.push(() => {
    session.destroy();
    server.close();
    requests.close();
  });
  /** Sends a piece and resolves when the handler has it. */
  const send = async (piece: Buffer): Promise<void> => {
    const wanted = size + piece.length;
    stream.write(piece);
    while (size < wanted) await new Promise<void>((resolve) => (arrived = resolve));
  };
  return { clock, stream, send, heads };
}

async function statusOf(stream: ClientHttp2Stream): Promise<unknown> {
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }];
  return headers[':status'];
}

describe('Http2Requests', () => {
  it('gives handlers the host, and the sign of a body of unknown length, where HTTP/1.1 has them', async () => {
    const { stream, heads, send } = await begin({ ':authority': 'clip.test', host: 'other.test' });
    await send(PIECE);
    stream.end();
    expect(await text(stream)).toBe(`${PIECE.length}`);
    expect(heads[0]).toMatchObject({ host: 'clip.test', 'transfer-encoding': 'chunked' });
  });

  it('gives up a body of which nothing more comes, and says why', async () => {
    const { clock, stream, send } = await begin();
    await send(Buffer.from('half'));
    const status = statusOf(stream);
    clock.advance(REQUEST_MS_MAX + 1_000);
    expect(await status).toBe(408);
  });

  it('gives up a body that comes byte by byte, whatever else the connection carries', async () => {
    const { clock, stream, send } = await begin();
    const status = statusOf(stream);
    for (let byte = 0; byte < 6; byte++) {
      await send(Buffer.from('x'));
      clock.advance(REQUEST_MS_MAX / 5);
    }
    expect(await status).toBe(408);
  });

  it('reads a body to its end that keeps coming, however long that takes', async () => {
    const { clock, stream, send } = await begin();
    for (let piece = 0; piece < 5; piece++) {
      await send(PIECE);
      clock.advance(REQUEST_MS_MAX - 1_000);
    }
    const answer = text(stream);
    stream.end();
    expect(await answer).toBe(`${5 * PIECE.length}`);
  });
});
