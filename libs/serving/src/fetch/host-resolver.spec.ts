import { afterEach, describe, expect, it } from 'vitest';
import { dnsResolver, machineResolver } from './host-resolver.js';
import { NameServer, typeA, typeAaaa } from './testing/name-server.js';

let server: NameServer | undefined;

async function startNameServer(answers: Parameters<typeof NameServer.start>[0]): Promise<string[]> {
  server = await NameServer.start(answers);
  return server.addresses;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const loopback6 = [...Array<number>(15).fill(0), 1];

describe('dnsResolver', () => {
  it('gives the addresses of both families, IPv4 first', async () => {
    const servers = await startNameServer({ [typeA]: [[192, 0, 2, 7]], [typeAaaa]: [loopback6] });
    expect(await dnsResolver(1000, servers)('images.test')).toEqual(['192.0.2.7', '::1']);
  });

  it('gives one family when the other fails', async () => {
    const servers = await startNameServer({ [typeA]: 'error', [typeAaaa]: [loopback6] });
    expect(await dnsResolver(1000, servers)('images.test')).toEqual(['::1']);
  });

  it('gives none when the name server fails or never answers', async () => {
    const servers = await startNameServer({ [typeA]: 'error' });
    expect(await dnsResolver(20, servers)('images.test')).toEqual([]);
  });
});

describe('machineResolver', () => {
  it('knows the names of the machine', async () => {
    const addresses = await machineResolver('localhost');
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(['127.0.0.1', '::1']).toContain(address);
  });
});
