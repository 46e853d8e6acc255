import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ImageFetcher } from '#serving';
import { buildInternetFetcher, bytesMax, errorOf, untilDone } from './support/fetcher.js';
import { startServer, startTcpServer, type HostileServer } from './support/hostile-server.js';

let server: HostileServer;
let fetcher: ImageFetcher;

async function fetchFrom(started: Promise<HostileServer>): Promise<Uint8Array> {
  server = await started;
  fetcher = buildInternetFetcher();
  return fetcher.resolve(`http://127.0.0.1:${server.port}/`, untilDone);
}

const http = (answer: RequestListener) => startServer(answer, '127.0.0.1');

/** Writes for as long as the other side takes it. */
function writeForEver(target: NodeJS.WritableStream, chunk: string | Uint8Array): void {
  const more = () => {
    while (target.writable && target.write(chunk));
  };
  target.on('drain', more);
  more();
}

afterEach(async () => {
  await fetcher.close();
  await server.close();
});

describe('a body that is too long', () => {
  it('is given up at its announced length, before it is read', async () => {
    const fetched = fetchFrom(http((_req, res) => res.writeHead(200, { 'content-length': 1e10 }).flushHeaders()));
    expect((await errorOf(fetched)).code).toBe('image_too_large');
  });

  it('is given up at the limit when it is endless, and its connection is cut', async () => {
    let cut: Promise<unknown> = Promise.reject(new Error('never asked'));
    cut.catch(() => undefined);
    const fetched = fetchFrom(
      http((_req, res) => {
        cut = once(res, 'close');
        writeForEver(res, Buffer.alloc(16_384));
      }),
    );
    expect((await errorOf(fetched)).code).toBe('image_too_large');
    await cut;
  });

  it('may be exactly as long as the limit', async () => {
    const fetched = fetchFrom(http((_req, res) => res.end(Buffer.alloc(bytesMax))));
    expect((await fetched).byteLength).toBe(bytesMax);
  });

  const zeros = Buffer.alloc(50_000_000);
  it.each([
    ['gzip', gzipSync(zeros)],
    ['br', brotliCompressSync(zeros)],
  ])('does not unfold from a %s bomb', async (encoding, bomb) => {
    expect(bomb.byteLength).toBeLessThan(bytesMax);
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', encoding).end(bomb)));
    expect((await errorOf(fetched)).code).toBe('image_too_large');
  });
});

describe('a compressed body', () => {
  it('is asked for never, and undone when it comes all the same', async () => {
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', 'gzip').end(gzipSync('image'))));
    expect(Buffer.from(await fetched).toString()).toBe('image');
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each(['gzip, gzip', 'zstd', 'constructor'])('is refused when it is %s', async (encoding) => {
    const body = gzipSync(gzipSync('image'));
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', encoding).end(body)));
    expect((await errorOf(fetched)).code).toBe('fetch_failed');
  });

  it('fails when it is not what it says', async () => {
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', 'gzip').end('image')));
    expect((await errorOf(fetched)).code).toBe('fetch_failed');
  });
});

describe('an answer that is not in order', () => {
  const tcp = (answer: (socket: Socket) => void) => startTcpServer(answer);

  it.each<[string, () => Promise<HostileServer>]>([
    ['an error page', () => http((_req, res) => res.writeHead(500).end('stack trace'))],
    ['no content', () => http((_req, res) => res.writeHead(204).end())],
    ['a redirect to nowhere', () => http((_req, res) => res.writeHead(302).end())],
    ['one huge header', () => http((_req, res) => res.setHeader('x-long', 'x'.repeat(100_000)).end('image'))],
    [
      'endless headers',
      () =>
        tcp((socket) => {
          socket.write('HTTP/1.1 200 OK\r\n');
          writeForEver(socket, 'x-more: and more\r\n');
        }),
    ],
    ['no HTTP', () => tcp((socket) => socket.end('220 smtp.test ready\r\n'))],
    ['nothing', () => tcp((socket) => socket.end())],
    ['a reset', () => tcp((socket) => socket.resetAndDestroy())],
    ['half a body', () => tcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'))],
    [
      'two lengths',
      () => tcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab')),
    ],
    [
      'an upgrade',
      () => tcp((socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')),
    ],
  ])('fails: %s', async (_name, started) => {
    const error = await errorOf(fetchFrom(started()));
    expect(error.code).toBe('fetch_failed');
    expect(error.message).not.toContain('127.0.0.1');
  });
});
