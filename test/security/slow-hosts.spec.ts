import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import type { ImageFetcher } from '#serving';
import { buildInternetFetcher, errorOf, untilDone } from './support/fetcher.js';
import { startServer, startTcpServer, type HostileServer } from './support/hostile-server.js';

const timeoutMs = 60_000;
const resolveHost = () => Promise.resolve(['127.0.0.1']);
let clock: ManualClock;
let fetcher: ImageFetcher;
let server: HostileServer | undefined;

beforeEach(() => {
  clock = new ManualClock();
  fetcher = buildInternetFetcher({ clock, timeoutMs, resolveHost, concurrencyMax: 8, concurrencyPerHostMax: 2 });
});

afterEach(async () => {
  await fetcher.close();
  await server?.close();
});

/** Starts a server that answers with `stall`; `asked` resolves once a request has come. */
async function startStalling(stall: (res: ServerResponse) => void): Promise<{ asked: Promise<void> }> {
  const asked = Promise.withResolvers<void>();
  server = await startServer((_req, res) => {
    stall(res);
    asked.resolve();
  }, '127.0.0.1');
  return { asked: asked.promise };
}

const url = (host = 'slow.test', path = '/') => `http://${host}:${server?.port}${path}`;

describe('a host that takes its time', () => {
  it.each<[string, (res: ServerResponse) => void]>([
    ['never answers', () => undefined],
    ['stops after the headers', (res) => res.flushHeaders()],
    ['stops in the middle of the body', (res) => res.write('half')],
  ])('is given up at the deadline when it %s', async (_name, stall) => {
    const { asked } = await startStalling(stall);
    const fetched = errorOf(fetcher.resolve(url(), untilDone));
    await asked;
    clock.advance(timeoutMs);
    expect((await fetched).code).toBe('fetch_failed');
  });

  it('gains no time by sending a little now and then, nor by interim answers', async () => {
    const asked = Promise.withResolvers<void>();
    server = await startTcpServer((socket) => {
      const dripping = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 1);
      socket.once('close', () => clearInterval(dripping));
      asked.resolve();
    });
    const fetched = errorOf(fetcher.resolve(url(), untilDone));
    await asked.promise;
    clock.advance(timeoutMs - 1);
    clock.advance(1);
    expect((await fetched).code).toBe('fetch_failed');
  });

  it.each<[string, string, string]>([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'x'],
    ['a body', 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n', 'x'],
    ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
    ['an extension of a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;', 'x'],
  ])('gains no time by %s that come bit by bit', async (_name, head, bit) => {
    const asked = Promise.withResolvers<void>();
    server = await startTcpServer((socket) => {
      socket.write(head);
      const dripping = setInterval(() => socket.write(bit), 1);
      socket.once('close', () => clearInterval(dripping));
      asked.resolve();
    });
    const fetched = errorOf(fetcher.resolve(url(), untilDone));
    await asked.promise;
    clock.advance(timeoutMs);
    expect((await fetched).code).toBe('fetch_failed');
  });

  it('gains no time by redirects', async () => {
    const secondAsked = Promise.withResolvers<void>();
    server = await startServer((req, res) => {
      if (req.url === '/') {
        clock.advance(timeoutMs - 1);
        res.writeHead(302, { location: '/next' }).end();
      } else secondAsked.resolve();
    }, '127.0.0.1');
    const fetched = errorOf(fetcher.resolve(url(), untilDone));
    await secondAsked.promise;
    clock.advance(1);
    expect((await fetched).code).toBe('fetch_failed');
  });

  it('is given up at the deadline when its name server never answers', async () => {
    const asked = Promise.withResolvers<void>();
    const stuck = buildInternetFetcher({
      clock,
      timeoutMs,
      resolveHost: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    const fetched = errorOf(stuck.resolve('http://slow.test/', untilDone));
    await asked.promise;
    clock.advance(timeoutMs);
    expect((await fetched).code).toBe('fetch_failed');
    await stuck.close();
  });

  it('delays only its own images', async () => {
    const stalled: ServerResponse[] = [];
    server = await startServer((req, res) => {
      if (req.headers.host?.startsWith('slow.')) stalled.push(res);
      else res.end('image');
    }, '127.0.0.1');
    const slow = Array.from({ length: 40 }, (_, index) => fetcher.resolve(url('slow.test', `/${index}`), untilDone));
    const quick = Array.from({ length: 40 }, (_, index) => fetcher.resolve(url('quick.test', `/${index}`), untilDone));
    const images = await Promise.all(quick);
    expect(images.map((image) => Buffer.from(image).toString())).toEqual(Array(40).fill('image'));
    expect(stalled.length).toBeLessThanOrEqual(2);
    const ends = Promise.allSettled(slow);
    await fetcher.close();
    expect((await ends).every((end) => end.status === 'rejected' && end.reason.code === 'shutting_down')).toBe(true);
  });
});

describe('a principal with many slow hosts', () => {
  it('does not delay the images of another principal', async () => {
    const stalled: ServerResponse[] = [];
    const full = Promise.withResolvers<void>();
    server = await startServer((req, res) => {
      if (req.headers.host?.startsWith('quick.')) return void res.end('image');
      if (stalled.push(res) === 8) full.resolve();
    }, '127.0.0.1');
    const slow = Array.from({ length: 1000 }, (_, at) => fetcher.resolve(url(`slow${at}.test`), untilDone));
    const ends = Promise.allSettled(slow);
    await full.promise;
    const other = { ...untilDone, principalId: 'another' };
    const quick = Array.from({ length: 5 }, () => fetcher.resolve(url('quick.test'), other));
    expect(await Promise.all(quick)).toHaveLength(5);
    expect(stalled).toHaveLength(8);
    await fetcher.close();
    await ends;
  });
});

describe('a host with many images', () => {
  it('is never held by more connections than it may have fetches', async () => {
    server = await startServer((_req, res) => res.end('image'), '127.0.0.1');
    await Promise.all(Array.from({ length: 20 }, () => fetcher.resolve(url('images.test'), untilDone)));
    expect(server.requests).toHaveLength(20);
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe('a host that was asked once', () => {
  it.each(['', 'connection: keep-alive\r\nkeep-alive: timeout=3600\r\n'])(
    'soon holds no connection any more, whatever it wishes: %j',
    async (wish) => {
      const closed = Promise.withResolvers<void>();
      server = await startTcpServer((socket) => {
        socket.once('close', () => closed.resolve());
        socket.write(`HTTP/1.1 200 OK\r\n${wish}content-length: 5\r\n\r\nimage`);
      });
      await fetcher.resolve(url(), untilDone);
      await closed.promise;
    },
  );
});

describe('a caller who leaves', () => {
  it('frees the connection and the waiting places', async () => {
    const gone = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    server = await startServer((req, res) => {
      if (req.url !== '/stall') return void res.end('image');
      res.once('close', () => gone.resolve());
      asked.resolve();
    }, '127.0.0.1');
    const caller = new AbortController();
    const fetched = Array.from({ length: 5 }, () =>
      errorOf(fetcher.resolve(url('slow.test', '/stall'), { ...untilDone, signal: caller.signal })),
    );
    await asked.promise;
    caller.abort();
    expect((await Promise.all(fetched)).map((error) => error.code)).toEqual(Array(5).fill('cancelled'));
    await gone.promise;
    expect(Buffer.from(await fetcher.resolve(url('slow.test', '/'), untilDone)).toString()).toBe('image');
  });

  it('hears of a passed deadline as such', async () => {
    server = await startServer((_req, res) => res.flushHeaders(), '127.0.0.1');
    const fetched = errorOf(fetcher.resolve(url(), { ...untilDone, signal: AbortSignal.timeout(1) }));
    expect((await fetched).code).toBe('deadline_exceeded');
  });

  it('is not served once the fetcher is closed', async () => {
    server = await startServer((_req, res) => res.end('image'), '127.0.0.1');
    await fetcher.close();
    expect((await errorOf(fetcher.resolve(url(), untilDone))).code).toBe('shutting_down');
    expect(server.connections()).toBe(0);
  });
});
