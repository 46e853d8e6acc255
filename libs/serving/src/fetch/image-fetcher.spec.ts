import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publicAddress } from './address-policy.js';
import { dnsResolver } from './host-resolver.js';
import { ImageFetcher } from './image-fetcher.js';
import { NameServer, typeA, typeAaaa, type Answer, type NameServerOptions } from './testing/name-server.js';

const publicIpv4 = [93, 184, 216, 34];
const publicIpv6 = [0x26, 6, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11];
const loopback = [127, 0, 0, 1];
const loopback6 = [...Array<number>(15).fill(0), 1];
const mappedLoopback = [...Array<number>(10).fill(0), 0xff, 0xff, 127, 0, 0, 1];
const metadata = [169, 254, 169, 254];

let connections = 0;
let inner: Server;
let names: NameServer | undefined;

beforeEach(async () => {
  connections = 0;
  inner = createServer((_req, res) => res.end('secret')).on('connection', () => (connections += 1));
  inner.listen(0, '127.0.0.1');
  await once(inner, 'listening');
});

afterEach(async () => {
  inner.closeAllConnections();
  inner.close();
  await names?.close();
});

/** Fetches `host` with a name server that answers so; `mayConnect` as a server with default settings has it. */
async function fetchBy(
  answers: Record<number, Answer>,
  { host = 'images.test', mayConnect = publicAddress, ...options }: NameServerOptions & FetchOptions = {},
): Promise<string> {
  names = await NameServer.start(answers, options);
  const fetcher = new ImageFetcher({
    allowPrivate: false,
    bytesMax: 1000,
    timeoutMs: 10_000,
    concurrencyMax: 1,
    mayConnect,
    resolveHost: dnsResolver(1000, names.addresses),
  });
  const caller = { principalId: 'someone', signal: new AbortController().signal };
  try {
    const { port } = inner.address() as AddressInfo;
    return Buffer.from(await fetcher.resolve(`http://${host}:${port}/`, caller)).toString();
  } finally {
    await fetcher.close();
  }
}

interface FetchOptions {
  readonly host?: string;
  readonly mayConnect?: (address: string) => boolean;
}

const refused = expect.objectContaining({ code: 'fetch_refused' });

describe('ImageFetcher, by the answers of a name server', () => {
  it.each<[string, Record<number, Answer>]>([
    ['a private A and no AAAA', { [typeA]: [loopback], [typeAaaa]: [] }],
    ['a private AAAA and no A', { [typeA]: [], [typeAaaa]: [loopback6] }],
    ['a public A and a private AAAA', { [typeA]: [publicIpv4], [typeAaaa]: [loopback6] }],
    ['a private A and a public AAAA', { [typeA]: [loopback], [typeAaaa]: [publicIpv6] }],
    ['a public A before a private one', { [typeA]: [publicIpv4, loopback], [typeAaaa]: [] }],
    ['a private A while the AAAA fails', { [typeA]: [loopback], [typeAaaa]: 'error' }],
    ['a mapped address', { [typeA]: [], [typeAaaa]: [mappedLoopback] }],
    ['metadata', { [typeA]: [metadata], [typeAaaa]: [] }],
  ])('refuses %s', async (_name, answers) => {
    await expect(fetchBy(answers)).rejects.toThrow(refused);
    expect(connections).toBe(0);
  });

  it.each(['metadata.google.internal', 'metadata', 'instance-data.ec2.internal', 'localtest.test.', 'LOCALHOST.test'])(
    'judges %s by its address, however it is called',
    async (host) => {
      await expect(fetchBy({ [typeA]: [metadata], [typeAaaa]: [] }, { host })).rejects.toThrow(refused);
    },
  );

  it('names the host of what it refuses and of what it cannot find, never the address behind it', async () => {
    const [privateName, unknownName] = [
      { [typeA]: [metadata], [typeAaaa]: [] },
      { [typeA]: [], [typeAaaa]: [] },
    ];
    await expect(fetchBy(privateName)).rejects.toThrow("The image's host images.test is not on the public internet.");
    await expect(fetchBy(privateName)).rejects.not.toThrow('169.254');
    await expect(fetchBy(unknownName)).rejects.toThrow("The name images.test of the image's host is not known.");
  });

  it.each([1, 5])('refuses what %i aliases lead to', async (aliases) => {
    await expect(fetchBy({ [typeA]: [loopback], [typeAaaa]: [] }, { aliases })).rejects.toThrow(refused);
    expect(connections).toBe(0);
  });

  it('follows aliases to an allowed address, asking once for each family', async () => {
    const mayConnect = (address: string) => address === '127.0.0.1';
    expect(await fetchBy({ [typeA]: [loopback], [typeAaaa]: [] }, { aliases: 3, mayConnect })).toBe('secret');
    expect(names?.asked.toSorted()).toEqual([typeA, typeAaaa]);
  });
});
