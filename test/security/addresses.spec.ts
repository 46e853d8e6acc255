import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFetcher, errorOf, untilDone } from './support/fetcher.js';
import { startServer, type HostileServer } from './support/hostile-server.js';

let inner: HostileServer;

beforeAll(async () => {
  inner = await startServer((_req, res) => res.end('secret'));
});

afterAll(() => inner.close());

describe('a fetcher with default settings', () => {
  const hosts = [
    ['loopback', '127.0.0.1'],
    ['short', '127.1'],
    ['shorter', '127.0.1'],
    ['decimal', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['octal in one number', '017700000001'],
    ['hexadecimal', '0x7f.0.0.1'],
    ['hexadecimal in one number', '0x7f000001'],
    ['mixed', '0x7f.0.01'],
    ['percent-encoded', '%31%32%37.0.0.1'],
    ['full-width digits', '１２７.０.０.１'],
    ['enclosed digits', '①②⑦.⓪.⓪.①'],
    ['ideographic full stops', '127。0。0。1'],
    ['a trailing dot', '127.0.0.1.'],
    ['the rest of 127/8', '127.255.255.254'],
    ['zero', '0'],
    ['unspecified', '0.0.0.0'],
    ['IPv6 loopback', '[::1]'],
    ['IPv6 loopback at length', '[0:0:0:0:0:0:0:1]'],
    ['IPv6 unspecified', '[::]'],
    ['mapped', '[::ffff:127.0.0.1]'],
    ['mapped in hexadecimal', '[::ffff:7f00:1]'],
    ['compatible', '[::127.0.0.1]'],
    ['translated', '[::ffff:0:127.0.0.1]'],
    ['NAT64', '[64:ff9b::7f00:1]'],
    ['local NAT64', '[64:ff9b:1::7f00:1]'],
    ['6to4', '[2002:7f00:1::1]'],
    ['Teredo', '[2001:0:4136:e378:8000:63bf:80ff:fffe]'],
    ['metadata', '169.254.169.254'],
    ['metadata in decimal', '2852039166'],
    ['metadata, mapped', '[::ffff:a9fe:a9fe]'],
    ['metadata over IPv6', '[fd00:ec2::254]'],
    ['link-local', '[fe80::1]'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
  ];

  it.each(hosts)('refuses %s: %s', async (_name, host) => {
    const fetcher = buildFetcher();
    for (const scheme of ['http', 'https', 'HTTP']) {
      const error = await errorOf(fetcher.resolve(`${scheme}://${host}:${inner.port}/latest/meta-data/`, untilDone));
      expect(error.code).toBe('fetch_refused');
    }
    expect(inner.connections()).toBe(0);
    await fetcher.close();
  });

  it('does not reach the machine itself by name', async () => {
    const fetcher = buildFetcher({ timeoutMs: 500 });
    const error = await errorOf(fetcher.resolve(`http://localhost:${inner.port}/`, untilDone));
    expect(['fetch_refused', 'fetch_failed']).toContain(error.code);
    expect(inner.connections()).toBe(0);
    await fetcher.close();
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['a public address and loopback', ['93.184.216.34', '127.0.0.1']],
    ['loopback and a public address', ['127.0.0.1', '2606:4700:4700::1111']],
    ['metadata', ['169.254.169.254']],
    ['something that is no address', ['internal.host']],
  ])('refuses a name that leads to %s, and does not say where it leads', async (_name, addresses) => {
    const fetcher = buildFetcher({ resolveHost: () => Promise.resolve(addresses) });
    const error = await errorOf(fetcher.resolve(`http://images.test:${inner.port}/`, untilDone));
    expect(error.code).toBe('fetch_refused');
    for (const address of addresses) expect(error.message).not.toContain(address);
    expect(inner.connections()).toBe(0);
    await fetcher.close();
  });
});

describe('a fetcher that may use private addresses', () => {
  it.each(['127.0.0.1', '127.1', '2130706433', 'localhost'])('reaches %s', async (host) => {
    const open = await startServer((_req, res) => res.end('image'));
    const fetcher = buildFetcher({ allowPrivate: true });
    const image = await fetcher.resolve(`http://${host}:${open.port}/`, untilDone);
    expect(Buffer.from(image).toString()).toBe('image');
    await fetcher.close();
    await open.close();
  });
});
