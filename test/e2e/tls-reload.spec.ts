import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type KeyPair, makeServerCertificate, type ServerCertificate } from '../support/certificates.js';
import { type RunningServer, startServer } from '../support/server.js';
import { type DataMessage, dataMessage, idsOf, textDocuments } from './support/documents.js';
import { duplex, grpcClient } from './support/grpc-clients.js';
import { call } from './support/http-call.js';
import { metric } from './support/server-process.js';

let certificate: ServerCertificate;
beforeEach(() => {
  certificate = makeServerCertificate();
});
afterEach(() => certificate.remove());

/** The fingerprint of the certificate that a new connection to `port` gets. */
async function servedAt(port: number): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: certificate.authority });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

function inFile(): string {
  return new X509Certificate(readFileSync(certificate.certificateFile)).fingerprint256;
}

/** When the certificate in the file ends, in milliseconds since 1970. */
function validTo(): number {
  return new X509Certificate(readFileSync(certificate.certificateFile)).validToDate.getTime();
}

/** Has the server look at its files now, and resolves when it has logged `text`. */
async function hangUp(server: RunningServer, text: string): Promise<void> {
  const logged = server.logged(({ msg }) => msg === text);
  server.kill('SIGHUP');
  await logged;
}

describe('a renewed certificate', () => {
  it('is served on every TLS port after SIGHUP, while a gRPC stream and a WebSocket go on', async () => {
    await using server = await startServer({ tls: certificate, env: { CAS_OPS_TLS: 'true' } });
    const client = grpcClient('jina.JinaRPC', server.target, { authority: certificate.authority });
    const stream = duplex<DataMessage, DataMessage>(client, 'Call');
    stream.on('error', () => undefined); // it is still open when the server stops
    const socket = new WebSocket(server.ws(), { ca: certificate.authority });
    await once(socket, 'open');
    expect(await streamed(stream, 'before')).toEqual(['before-0']);

    certificate.renew();
    await hangUp(server, 'new certificate in use');

    expect(await streamed(stream, 'after')).toEqual(['after-0']);
    const answered = once(socket, 'message');
    socket.send(JSON.stringify({ data: [{ id: 'one', text: 'a cat' }], exec_endpoint: '/encode' }));
    expect(String((await answered)[0])).toContain('"one"');
    for (const port of [server.port, server.opsPort, server.adminPort]) expect(await servedAt(port)).toBe(inFile());
    socket.terminate();
    client.close();
  });

  it('that does not fit its key is told in the log, and the old one stays', async () => {
    await using server = await startServer({ tls: certificate });
    const before = await servedAt(server.port);
    const end = validTo() / 1000;
    const oldKey = readFileSync(certificate.keyFile);
    certificate.renew();
    writeFileSync(certificate.keyFile, oldKey);
    await hangUp(server, 'the new certificate cannot be used; the old one stays');
    expect(await servedAt(server.port)).toBe(before);
    expect(await metric(server, 'clip_certificate_expiry_timestamp_seconds'), 'of the one in use').toBe(end);
    expect(server.text()).not.toContain('PRIVATE KEY');
  });
});

describe('with CAS_TLS_CLIENT_CA', () => {
  const start = () => startServer({ tls: certificate, env: { CAS_TLS_CLIENT_CA: certificate.authorityFile } });

  it('clients with a certificate are served on HTTP, gRPC and WebSocket, others on none', async () => {
    await using server = await start();
    const pair = certificate.clientPair('tester');
    expect(await statusOf(server, pair)).toBe(200);
    await expect(call(server.http('/'), { authority: certificate.authority })).rejects.toThrow();
    expect(await grpcStatus(server, pair)).toBe(status.OK);
    expect(await grpcStatus(server)).toBe(status.UNAVAILABLE);
    const socket = new WebSocket(server.ws(), { ca: certificate.authority, ...pair });
    await once(socket, 'open');
    socket.terminate();
    await expect(once(new WebSocket(server.ws(), { ca: certificate.authority }), 'open')).rejects.toThrow();
  });

  it('the ops port and the admin port ask no certificate of clients', async () => {
    await using server = await start();
    expect((await call(server.ops('/health/live'))).status).toBe(200);
    expect(await servedAt(server.adminPort)).toBe(inFile());
  });
});

async function streamed(stream: ReturnType<typeof duplex<DataMessage, DataMessage>>, id: string): Promise<string[]> {
  const answered = once(stream, 'data');
  stream.write(dataMessage(id, textDocuments(id, ['a cat'])));
  return idsOf((await answered)[0] as DataMessage);
}

function statusOf(server: RunningServer, pair: KeyPair): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { ca: certificate.authority, agent: false as const, ...pair };
    const req = request(server.http('/'), options, (res) => resolve(res.resume().statusCode));
    req.on('error', reject).end();
  });
}

/** The gRPC status of a call that needs no message. */
async function grpcStatus(server: RunningServer, pair?: KeyPair): Promise<number> {
  const own = pair ? [Buffer.from(pair.key), Buffer.from(pair.cert)] : [];
  const secrets = credentials.createSsl(Buffer.from(certificate.authority), ...own);
  const client = new Client(server.target, secrets, { 'grpc.use_local_subchannel_pool': 1 });
  const asIs = (bytes: Buffer) => bytes;
  try {
    return await new Promise((settle) => {
      const call = (err: ServiceError | null) => settle(err?.code ?? status.OK);
      client.makeUnaryRequest('/jina.JinaInfoRPC/_status', asIs, asIs, Buffer.alloc(0), call);
    });
  } finally {
    client.close();
  }
}
