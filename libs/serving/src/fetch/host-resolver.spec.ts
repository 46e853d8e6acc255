import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { dnsResolver, machineResolver } from './host-resolver.js';

const typeA = 1;
const typeAaaa = 28;
let socket: Socket | undefined;

/** A name server (RFC 1035 §4) that answers by record type: with the address's bytes, with an error, or not at all. */
async function startNameServer(records: Record<number, number[] | 'error'>): Promise<string[]> {
  const server = createSocket('udp4');
  socket = server;
  server.on('message', (query, from) => {
    const questionEnd = query.indexOf(0, 12) + 5;
    const record = records[query.readUInt16BE(questionEnd - 4)];
    if (!record) return;
    const address = record === 'error' ? [] : record;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(record === 'error' ? 0x8182 : 0x8180, 2);
    header.writeUInt16BE(address.length > 0 ? 1 : 0, 6);
    header.writeUInt16BE(0, 8);
    header.writeUInt16BE(0, 10);
    const type = query.subarray(questionEnd - 4, questionEnd - 2);
    const answer = Buffer.from([0xc0, 12, ...type, 0, 1, 0, 0, 0, 0, 0, address.length, ...address]);
    const question = query.subarray(12, questionEnd);
    server.send(Buffer.concat([header, question, ...(address.length > 0 ? [answer] : [])]), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return [`127.0.0.1:${server.address().port}`];
}

afterEach(() => {
  socket?.close();
  socket = undefined;
});

const loopback6 = [...Array<number>(15).fill(0), 1];

describe('dnsResolver', () => {
  it('gives the addresses of both families, IPv4 first', async () => {
    const servers = await startNameServer({ [typeA]: [192, 0, 2, 7], [typeAaaa]: loopback6 });
    expect(await dnsResolver(1000, servers)('images.test')).toEqual(['192.0.2.7', '::1']);
  });

  it('gives one family when the other fails', async () => {
    const servers = await startNameServer({ [typeA]: 'error', [typeAaaa]: loopback6 });
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
