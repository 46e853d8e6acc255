import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN_HOSTS } from './support/forbidden-hosts.js';
import { buildFetcher, errorOf, untilDone } from './support/fetcher.js';
import { startServer, type HostileServer } from './support/hostile-server.js';

let inner: HostileServer;

beforeAll(async () => {
  inner = await startServer((_req, res) => res.end('secret'));
});

afterAll(() => inner.close());

describe('a fetcher with default settings', () => {
  it.each(FORBIDDEN_HOSTS)('refuses %s: %s', async (_name, host) => {
    const fetcher = buildFetcher();
    for (const scheme of ['http', 'https', 'HTTP']) {
      const error = await errorOf(fetcher.resolve(`${scheme}://${host}:${inner.port}/latest/meta-data/`, untilDone));
      expect(error.code).toBe('fetch_refused');
    }
    expect(inner.connections()).toBe(0);
    await fetcher.close();
  });

  it('refuses every address of the machine itself', async () => {
    const fetcher = buildFetcher();
    for (const { address, family } of Object.values(networkInterfaces()).flatMap((entries = []) => entries)) {
      const host = family === 'IPv6' ? `[${address}]` : address;
      expect((await errorOf(fetcher.resolve(`http://${host}:${inner.port}/`, untilDone))).code).toBe('fetch_refused');
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
    ['metadata over IPv6 behind a public IPv4 address', ['93.184.216.34', 'fd00:ec2::254']],
    ['loopback behind many public addresses', [...Array<string>(50).fill('93.184.216.34'), '127.0.0.1']],
    ['loopback by NAT64', ['64:ff9b::7f00:1']],
    ['a link-local address with a zone', ['fe80::1%lo']],
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
