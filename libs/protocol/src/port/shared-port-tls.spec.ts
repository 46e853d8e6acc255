import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { credentials, loadPackageDefinition, type Client, type ClientDuplexStream } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type KeyPair, makeServerCertificate, type ServerCertificate } from '../../../../test/support/certificates.js';
import { servedDefinitions } from '../grpc/definitions.js';
import { createInferenceServer, type InferenceServer } from '../server/create-server.js';
import { buildServices } from '../testing/sample-services.js';
import type { TlsMaterial, TlsSource } from './tls-source.js';

/** A source whose material a test replaces. */
class SampleSource implements TlsSource {
  private readonly listeners = new Set<(material: TlsMaterial) => void>();

  constructor(public material: TlsMaterial) {}

  onChange(listener: (material: TlsMaterial) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  replace(material: TlsMaterial): void {
    this.material = material;
    for (const listener of this.listeners) listener(material);
  }
}

let certificate: ServerCertificate;
let server: InferenceServer;
let port: number;
let outcomes: unknown[];
let source: SampleSource;
beforeEach(() => {
  certificate = makeServerCertificate();
});
afterEach(async () => {
  await server.app.close();
  certificate.remove();
});

async function start(options: { mutual: boolean }): Promise<void> {
  source = new SampleSource(materialNow(options));
  const sample = buildServices();
  const silent = { log: () => undefined, error: () => undefined, warn: () => undefined };
  const parts = sample.services;
  server = await createInferenceServer({ parts, tls: source, reflection: false, graceMs: 2_000, logger: silent });
  await server.app.listen(0, '127.0.0.1');
  port = (server.app.getHttpServer().address() as AddressInfo).port;
  outcomes = sample.outcomes;
}

function materialNow({ mutual }: { mutual: boolean }): TlsMaterial {
  const [cert, key] = [certificate.certificateFile, certificate.keyFile].map((path) => readFileSync(path, 'utf8'));
  return { cert: cert ?? '', key: key ?? '', ...(mutual ? { clientCa: certificate.authority } : {}) };
}

function httpCall(pair: Partial<KeyPair> = {}, agent: https.Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/', ca: certificate.authority, agent, ...pair };
    https.get(options, (res) => void text(res).then(() => resolve(`${res.statusCode}`), reject)).on('error', reject);
  });
}

async function openWebSocket(pair: Partial<KeyPair> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/`, { ca: certificate.authority, ...pair });
  await once(socket, 'open');
  return socket;
}

async function wsAnswer(socket: WebSocket): Promise<string> {
  const answered = once(socket, 'message');
  socket.send('{"data":[{"id":"one","text":"a"}],"execEndpoint":"/encode"}');
  return String((await answered)[0]);
}

function grpcClient(pair?: KeyPair): Client {
  const Clip = Reflect.get(Reflect.get(loadPackageDefinition(servedDefinitions), 'jina'), 'JinaRPC');
  const own = pair ? [Buffer.from(pair.key), Buffer.from(pair.cert)] : [];
  const secrets = credentials.createSsl(Buffer.from(certificate.authority), ...own);
  return new Clip(`127.0.0.1:${port}`, secrets, { 'grpc.use_local_subchannel_pool': 1 });
}

function openStream(client: Client): ClientDuplexStream<object, { header: { requestId: string } }> {
  // A stream that is still open when the server closes ends with an error.
  return Reflect.get(client, 'Call')
    .call(client)
    .on('error', () => undefined);
}

async function streamAnswer(stream: ReturnType<typeof openStream>, requestId: string): Promise<string> {
  const answered = once(stream, 'data');
  const docs = [{ id: 'one', text: 'a' }];
  stream.write({ header: { requestId, execEndpoint: '/encode' }, data: { docs: { docs } } });
  const [answer] = await answered;
  return answer.header.requestId;
}

async function servedTo(protocol: 'h2' | 'http/1.1'): Promise<string> {
  const options = { port, host: '127.0.0.1', ca: certificate.authority, ALPNProtocols: [protocol] };
  const socket: TLSSocket = connect(options);
  await once(socket, 'secureConnect');
  expect(socket.alpnProtocol).toBe(protocol);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('the shared port when its certificate is renewed', () => {
  it('goes on with every live connection and gives new ones the new certificate', async () => {
    await start({ mutual: false });
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const client = grpcClient();
    const stream = openStream(client);
    const socket = await openWebSocket();
    const created = countCreated(agent);
    expect(await streamAnswer(stream, 'before')).toBe('before');
    expect(await httpCall({}, agent)).toBe('200');
    const before = await servedTo('h2');

    certificate.renew();
    source.replace(materialNow({ mutual: false }));

    expect(await streamAnswer(stream, 'after')).toBe('after');
    expect(await httpCall({}, agent)).toBe('200');
    expect(created.count).toBe(1);
    expect(await wsAnswer(socket)).toContain('"one"');
    const renewed = new X509Certificate(readFileSync(certificate.certificateFile)).fingerprint256;
    expect(renewed).not.toBe(before);
    expect([await servedTo('h2'), await servedTo('http/1.1')]).toEqual([renewed, renewed]);
    agent.destroy();
    socket.terminate();
    client.close();
  });

  it('asks for client certificates of the new authority from then on', async () => {
    await start({ mutual: true });
    const pair = certificate.clientPair('old');
    expect(await httpCall(pair)).toBe('200');
    const other = makeServerCertificate();
    source.replace({ ...materialNow({ mutual: false }), clientCa: other.authority });
    await expect(httpCall(pair)).rejects.toThrow();
    expect(await httpCall(other.clientPair('new'))).toBe('200');
    other.remove();
  });
});

describe('the shared port under mutual TLS', () => {
  it('serves clients with a certificate of the authority on gRPC, HTTP and WebSocket', async () => {
    await start({ mutual: true });
    const pair = certificate.clientPair('tester');
    const client = grpcClient(pair);
    expect(await streamAnswer(openStream(client), 'one')).toBe('one');
    client.close();
    expect(await httpCall(pair)).toBe('200');
    const socket = await openWebSocket(pair);
    expect(await wsAnswer(socket)).toContain('"one"');
    socket.terminate();
  });

  it.each([
    ['no certificate', () => undefined],
    ['a certificate of another authority', strangersPair],
  ])('refuses clients with %s on gRPC, HTTP and WebSocket', async (_what, pairOf) => {
    await start({ mutual: true });
    const pair = pairOf();
    await expect(httpCall(pair)).rejects.toThrow();
    await expect(openWebSocket(pair)).rejects.toThrow();
    const client = grpcClient(pair);
    await expect(streamAnswer(openStream(client), 'one')).rejects.toThrow(/UNAVAILABLE/);
    client.close();
    expect(outcomes).toHaveLength(0);
  });
});

function strangersPair(): KeyPair {
  const other = makeServerCertificate();
  other.remove();
  return other.clientPair('stranger');
}

/** Counts the connections that `agent` opens. */
function countCreated(agent: https.Agent): { count: number } {
  const created = { count: 0 };
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    created.count++;
    return create(...args);
  };
  return created;
}
