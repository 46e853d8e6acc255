import { once } from 'node:events';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeServerCertificate } from '../support/certificates.js';
import { runServerToEnd } from '../support/server.js';
import { type DataMessage, dataMessage, exchange, textDocuments } from './support/documents.js';
import { duplex, failure, grpcClient, unary } from './support/grpc-clients.js';
import { call } from './support/http-call.js';
import { RawConnection } from './support/raw-connection.js';
import { serves } from './support/server-process.js';
import { useTlsServer } from './support/tls-server.js';

const running = useTlsServer();

async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connectTls({
    port: running.server.port,
    host: 'localhost',
    ca: running.certificate.authority,
    ...options,
  });
  await once(socket, 'secureConnect');
  return socket;
}

describe('the same port under TLS', () => {
  it('speaks HTTPS', async () => {
    expect(running.server.http()).toMatch(/^https:/);
    expect(await serves(running.server, running.certificate.authority)).toBe(true);
    const { jina } = (await call(running.server.http('/status'), { authority: running.certificate.authority })).json<{
      jina: object;
    }>();
    expect(Object.keys(jina)).toContain('clip-as-service');
  });

  it('speaks gRPC', async () => {
    const client = grpcClient('jina.JinaRPC', running.server.target, { authority: running.certificate.authority });
    const requests = Array.from({ length: 10 }, (_, at) => dataMessage(`${at}`, textDocuments(`${at}`, ['a cat'])));
    expect(await exchange(duplex<DataMessage, DataMessage>(client, 'Call'), requests)).toHaveLength(10);
    client.close();
  });

  it('speaks WebSocket', async () => {
    const socket = new WebSocket(running.server.ws(), { ca: running.certificate.authority });
    await once(socket, 'open');
    const answered = once(socket, 'message');
    socket.send(JSON.stringify({ data: [{ id: 'one', text: 'a cat' }], exec_endpoint: '/encode' }));
    const [frame] = (await answered) as [Buffer];
    expect((JSON.parse(frame.toString()) as { data: { id: string }[] }).data[0]?.id).toBe('one');
    socket.send('{}');
    expect((await once(socket, 'close'))[0]).toBe(1000);
  });

  it.each([
    [['h2'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [['h2', 'http/1.1'], 'h2'],
    [undefined, false],
  ])('chooses by what the client offers: %j gets %s', async (offered, chosen) => {
    const socket = await handshake(offered ? { ALPNProtocols: offered } : {});
    expect(socket.alpnProtocol).toBe(chosen);
    socket.destroy();
  });

  it('speaks no TLS older than 1.2', async () => {
    await expect(
      handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
    ).rejects.toThrow();
  });
});

describe('what is not TLS or not trusted', () => {
  it.each([
    ['a plain HTTP request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['garbage', '\u0000\u0001\u0002'],
  ])('%s is told to use TLS', async (_name, bytes) => {
    const client = await RawConnection.to(running.server);
    await client.write(bytes);
    const answer = await client.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('This port speaks TLS only: use https://, wss:// or grpcs://.');
  });

  it('a plain gRPC client gets no answer', async () => {
    const client = grpcClient('jina.JinaInfoRPC', running.server.target);
    expect((await failure(unary(client, '_status', {}))).code).not.toBe(0);
    client.close();
  });

  it('a client that does not know the authority hangs up', async () => {
    await expect(call(running.server.http('/'))).rejects.toThrow(/certificate|signed/);
  });

  it('garbage, handshakes cut short and resets leave the server serving', async () => {
    const clients = await RawConnection.many(running.server, 30);
    await Promise.all(
      clients.map((client, at) => client.write(at % 2 ? Buffer.from('160301', 'hex') : 'garbage\r\n\r\n')),
    );
    for (const client of clients) client.reset();
    const handshaken = await Promise.all(Array.from({ length: 20 }, () => handshake({ ALPNProtocols: ['h2'] })));
    for (const socket of handshaken) socket.destroy();
    expect(await serves(running.server, running.certificate.authority)).toBe(true);
  });
});

it('a key that does not belong to the certificate stops the start with a reason', async () => {
  const other = makeServerCertificate();
  const { code, text } = await runServerToEnd({
    env: { CAS_TLS_CERT: running.certificate.certificateFile, CAS_TLS_KEY: other.keyFile },
  });
  other.remove();
  expect(code).not.toBe(0);
  expect(text).toMatch(/CAS_TLS_KEY|key/i);
  expect(text).not.toMatch(/^\s+at /m);
});
