import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImageFetcher } from '#serving';
import { buildInternetFetcher, errorOf, untilDone } from './support/fetcher.js';
import { startServer, type HostileServer } from './support/hostile-server.js';

let outer: HostileServer;
let inner: HostileServer;
let fetcher: ImageFetcher;
/** What the outer server answers next, by path. */
let location: (path: string) => string | undefined;

beforeAll(async () => {
  inner = await startServer((_req, res) => res.end('secret'));
  outer = await startServer((req, res) => {
    const target = location(req.url ?? '/');
    if (target === undefined) res.end('image');
    else res.writeHead(302, { location: target, 'set-cookie': 'session=1' }).end('moved');
  }, '127.0.0.1');
  fetcher = buildInternetFetcher();
});

beforeEach(() => {
  outer.requests.length = 0;
});

afterAll(async () => {
  await fetcher.close();
  await outer.close();
  await inner.close();
});

const fetchOuter = (path = '/') => fetcher.resolve(`http://127.0.0.1:${outer.port}${path}`, untilDone);

describe('a redirect from an allowed host', () => {
  it.each([
    ['a private address', () => `http://127.0.0.2:${inner.port}/`],
    ['a decimal address', () => `http://2130706434:${inner.port}/`],
    ['IPv6 loopback', () => `http://[::1]:${inner.port}/`],
    ['a mapped address', () => `http://[::ffff:127.0.0.2]:${inner.port}/`],
    ['an address without scheme', () => `//127.0.0.2:${inner.port}/`],
    ['an address behind backslashes', () => `\\\\127.0.0.2:${inner.port}/`],
    ['an address behind a slash and a backslash', () => `/\\127.0.0.2:${inner.port}/`],
    ['an address with a tab in it', () => `http://127.0.0\t.2:${inner.port}/`],
    ['an address by a capital scheme', () => `HTTP://127.0.0.2:${inner.port}/`],
    ['an address behind a user name', () => `http://127.0.0.1@127.0.0.2:${inner.port}/`],
    ['metadata by NAT64', () => 'http://[64:ff9b::a9fe:a9fe]/'],
    ['metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a private address by https', () => `https://127.0.0.2:${inner.port}/`],
    ['a file', () => 'file:///etc/passwd'],
    ['ftp', () => `ftp://127.0.0.1:${inner.port}/`],
    ['gopher', () => `gopher://127.0.0.1:${inner.port}/_x`],
    ['a script', () => 'javascript:1'],
    ['a socket of the machine', () => 'http+unix://%2Frun%2Fdocker.sock/info'],
    ['a port that no images come from', () => 'http://127.0.0.1:25/'],
    ['a port that is none', () => 'http://127.0.0.1:99999/'],
    ['a data URI', () => 'data:image/png;base64,AAAA'],
    ['an address with a password', () => `http://user:password@127.0.0.1:${outer.port}/`],
  ])('to %s is refused', async (_name, target) => {
    location = target;
    expect((await errorOf(fetchOuter())).code).toBe('fetch_refused');
    expect(outer.requests).toHaveLength(1);
    expect(inner.connections()).toBe(0);
  });

  it.each([
    ['http://127.0.0.2/', "The image's host 127.0.0.2 is not on the public internet."],
    ['ftp://127.0.0.1/', "The image's URL leads to ftp:, as 127.0.0.1 redirects it; only http and https are fetched."],
    [
      'http://127.0.0.1:25/',
      "The image's URL has port 25 of 127.0.0.1, which belongs to another service than the web.",
    ],
    ['http://u:planted@127.0.0.1/', "The image's URL has a user name or password for 127.0.0.1."],
    ['http://127.0.0.1:99999/', "The image's URL is not valid, as 127.0.0.1 redirects it."],
  ])('to %s is refused with the host and the reason, and repeats no more of it', async (target, sentence) => {
    location = () => target;
    const { message } = await errorOf(fetchOuter());
    expect(message).toContain(sentence);
    expect(message).not.toContain('planted');
  });

  it('is judged after several allowed ones too', async () => {
    location = (path) => (path === '/3' ? `http://127.0.0.2:${inner.port}/` : `/${Number(path.slice(1)) + 1}`);
    expect((await errorOf(fetchOuter('/1'))).code).toBe('fetch_refused');
    expect(inner.connections()).toBe(0);
  });

  it('is followed five times', async () => {
    location = (path) => (path === '/5' ? undefined : `/${Number(path.slice(1)) + 1}`);
    expect(Buffer.from(await fetchOuter('/0')).toString()).toBe('image');
    expect(outer.requests).toHaveLength(6);
  });

  it('is not followed a sixth time', async () => {
    location = () => '/';
    expect((await errorOf(fetchOuter())).code).toBe('fetch_failed');
    expect(outer.requests).toHaveLength(6);
  });

  it('is not followed round a loop', async () => {
    location = (path) => (path === '/a' ? '/b' : '/a');
    expect((await errorOf(fetchOuter('/a'))).code).toBe('fetch_failed');
    expect(outer.requests).toHaveLength(6);
  });

  it('has a body that nobody waits for', async () => {
    const endless = await startServer((req, res) => {
      if (req.url === '/') res.writeHead(302, { location: '/image', 'content-length': 1e9 }).write('never more');
      else res.end('image');
    }, '127.0.0.1');
    const image = await fetcher.resolve(`http://127.0.0.1:${endless.port}/`, untilDone);
    expect(Buffer.from(image).toString()).toBe('image');
    await endless.close();
  });

  it('carries no cookie, credential or referrer on', async () => {
    location = (path) => (path === '/' ? '/next' : undefined);
    await fetchOuter();
    for (const request of outer.requests) {
      expect(Object.keys(request.headers).sort()).toEqual([
        'accept',
        'accept-encoding',
        'connection',
        'host',
        'user-agent',
      ]);
    }
  });
});
