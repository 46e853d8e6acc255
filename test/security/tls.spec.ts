import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../support/certificates.js';
import { buildInternetFetcher, errorOf, untilDone } from './support/fetcher.js';

const trustedBefore = getCACertificates('default');
const certificate = makeServerCertificate();
const stranger = makeServerCertificate();
const servers: Server[] = [];
let requests = 0;

async function startTls({ certificateFile, keyFile }: typeof certificate): Promise<number> {
  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (req, res) => {
    requests += 1;
    if (req.url === '/down') res.writeHead(302, { location: `http://localhost:${port}/` }).end();
    else if (req.url === '/same') res.writeHead(302, { location: '/' }).end();
    else res.end('image');
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

let port: number;
let strangersPort: number;

beforeAll(async () => {
  setDefaultCACertificates([...trustedBefore, certificate.authority]);
  port = await startTls(certificate);
  strangersPort = await startTls(stranger);
});

afterAll(() => {
  setDefaultCACertificates(trustedBefore);
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  certificate.remove();
  stranger.remove();
});

describe('an image by https', () => {
  const fetch = async (address: string): Promise<Uint8Array> => {
    const fetcher = buildInternetFetcher({ resolveHost: () => Promise.resolve(['127.0.0.1']) });
    try {
      return await fetcher.resolve(address, untilDone);
    } finally {
      await fetcher.close();
    }
  };

  it('comes from a host that shows who it is', async () => {
    expect(Buffer.from(await fetch(`https://localhost:${port}/`)).toString()).toBe('image');
  });

  it('may come by a redirect that stays with https, and by none that leads to http', async () => {
    expect(Buffer.from(await fetch(`https://localhost:${port}/same`)).toString()).toBe('image');
    const before = requests;
    expect((await errorOf(fetch(`https://localhost:${port}/down`))).code).toBe('fetch_refused');
    expect(requests).toBe(before + 1);
  });

  it.each<[string, () => string]>([
    ['for another name', () => `https://images.test:${port}/`],
    ['that nobody trusted signed', () => `https://localhost:${strangersPort}/`],
  ])('does not come from a host with a certificate %s, and nothing is asked of it', async (_name, address) => {
    const before = requests;
    expect((await errorOf(fetch(address()))).code).toBe('fetch_failed');
    expect(requests).toBe(before);
  });
});
