import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import type { ImageFetcher } from '#serving';
import { buildInternetFetcher, bytesMax, errorOf, untilDone } from './support/fetcher.js';
import { startServer, startTcpServer, type HostileServer } from './support/hostile-server.js';

let server: HostileServer;
let fetcher: ImageFetcher;

const HOST = 'pictures.example';

async function fetchFrom(started: Promise<HostileServer>): Promise<Uint8Array> {
  server = await started;
  // Its time never passes: a deadline ends nothing here.
  fetcher = buildInternetFetcher({ clock: new ManualClock(), resolveHost: async () => ['127.0.0.1'] });
  return fetcher.resolve(`http://${HOST}:${server.port}/`, untilDone);
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
    ['x-gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', brotliCompressSync(zeros)],
  ])('does not unfold from a %s bomb', async (encoding, bomb) => {
    expect(bomb.byteLength).toBeLessThan(bytesMax);
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', encoding).end(bomb)));
    expect((await errorOf(fetched)).code).toBe('image_too_large');
  });
});

describe('a body that costs more than it holds', () => {
  it('is given up when an endless compressed one unfolds to nothing', async () => {
    const fetched = fetchFrom(
      http((_req, res) => writeForEver(res.setHeader('content-encoding', 'gzip'), gzipSync(''))),
    );
    expect((await errorOf(fetched)).code).toBe('image_too_large');
  });

  it('is read when it comes byte by byte', async () => {
    const chunks = [...Buffer.from('image')].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join('');
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
    const fetched = fetchFrom(startTcpServer((socket) => socket.end(`${head}${chunks}0\r\n\r\n`)));
    expect(Buffer.from(await fetched).toString()).toBe('image');
  });
});

describe('a compressed body', () => {
  it('is asked for never, and undone when it comes all the same', async () => {
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', 'gzip').end(gzipSync('image'))));
    expect(Buffer.from(await fetched).toString()).toBe('image');
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each(['gzip, gzip', 'gzip,br', 'identity, gzip', 'zstd', 'compress', 'constructor'])(
    'is refused when it is %s',
    async (encoding) => {
      const body = gzipSync(gzipSync('image'));
      const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', encoding).end(body)));
      expect((await errorOf(fetched)).code).toBe('fetch_failed');
    },
  );

  it('is refused when it is said to be in two layers by two headers', async () => {
    const body = gzipSync(gzipSync('image'));
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', ['gzip', 'gzip']).end(body)));
    expect((await errorOf(fetched)).code).toBe('fetch_failed');
  });

  it('is undone once: what is in it may be compressed again and is then no image', async () => {
    const inner = gzipSync('image');
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', 'gzip').end(gzipSync(inner))));
    expect(Buffer.from(await fetched)).toEqual(inner);
  });

  it('fails when it ends too early', async () => {
    const half = gzipSync(Buffer.alloc(1000, 'image')).subarray(0, -9);
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', 'gzip').end(half)));
    expect((await errorOf(fetched)).code).toBe('fetch_failed');
  });

  it('fails when it is not what it says', async () => {
    const fetched = fetchFrom(http((_req, res) => res.setHeader('content-encoding', 'gzip').end('image')));
    expect((await errorOf(fetched)).code).toBe('fetch_failed');
  });
});

describe('an answer that is not in order', () => {
  const tcp = (answer: (socket: Socket) => void) => startTcpServer(answer);
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

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
    ...['-1', '0x5', '5 5', '1e1', '99999999999999999999'].map((length): [string, () => Promise<HostileServer>] => [
      `the length ${length}`,
      () => tcp((socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\nimage`)),
    ]),
    [
      'a length and chunks',
      () =>
        tcp((socket) =>
          socket.end(
            'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nimage\r\n0\r\n\r\n',
          ),
        ),
    ],
    ['chunks without an end', () => tcp((socket) => socket.end(`${chunked}5\r\nimage\r\n`))],
    ['a chunk of a length that is none', () => tcp((socket) => socket.end(`${chunked}zz\r\nimage\r\n0\r\n\r\n`))],
    ['a chunk longer than any number', () => tcp((socket) => socket.end(`${chunked}${'f'.repeat(40)}\r\nimage`))],
    [
      'a flood of interim answers',
      () => tcp((socket) => writeForEver(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')),
    ],
    ['an answer to continue', () => tcp((socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))],
    [
      'endless trailers',
      () =>
        tcp((socket) => {
          socket.write(`${chunked}5\r\nimage\r\n0\r\n`);
          writeForEver(socket, 'x-more: and more\r\n');
        }),
    ],
    ['a part of the image', () => http((_req, res) => res.writeHead(206).end('im'))],
    [
      'an upgrade',
      () => tcp((socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')),
    ],
  ])('fails: %s', async (_name, started) => {
    const error = await errorOf(fetchFrom(started()));
    expect(error.code).toBe('fetch_failed');
    expect(error.message).toContain(HOST);
    expect(error.message).not.toContain('127.0.0.1');
  });

  it('ends where it says, and what follows answers no later fetch', async () => {
    let connections = 0;
    const answer = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const fetched = fetchFrom(
      tcp((socket) => socket.write(connections++ === 0 ? answer('first') + answer('smuggled') : answer('second'))),
    );
    expect(Buffer.from(await fetched).toString()).toBe('first');
    const next = await fetcher.resolve(`http://127.0.0.1:${server.port}/`, untilDone);
    expect(Buffer.from(next).toString()).toBe('second');
  });

  it('may come after a few interim ones', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3);
    const fetched = fetchFrom(tcp((socket) => socket.end(`${hints}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nimage`)));
    expect(Buffer.from(await fetched).toString()).toBe('image');
  });
});
