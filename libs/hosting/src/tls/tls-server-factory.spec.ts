import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { ManualClock } from '#core';
import { makeServerCertificate, type ServerCertificate } from '../../../../test/support/certificates.js';
import { TlsFiles } from './tls-files.js';
import { tlsServerFactory } from './tls-server-factory.js';

let certificate: ServerCertificate;
let files: TlsFiles;
let server: Server;
beforeEach(async () => {
  certificate = makeServerCertificate();
  const { certificateFile: cert, keyFile: key, authorityFile: clientCa } = certificate;
  const watching = { clock: new ManualClock(), onProblem: () => undefined, onExpiring: () => undefined };
  files = new TlsFiles({ cert, key, clientCa }, watching);
  server = tlsServerFactory(files)((_req, res) => res.end('ok'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.close();
  certificate.remove();
});

async function handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', ca: certificate.authority, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

async function served(): Promise<string> {
  const socket = await handshake();
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

function fingerprintOfFile(): string {
  return new X509Certificate(readFileSync(certificate.certificateFile)).fingerprint256;
}

it('serves a renewed certificate to new connections, and asks none of clients', async () => {
  expect(await served()).toBe(fingerprintOfFile());
  certificate.renew();
  files.reread();
  expect(await served()).toBe(fingerprintOfFile());
});

it('speaks no TLS older than 1.2, also after a renewal', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  await expect(handshake(old)).rejects.toThrow();
  certificate.renew();
  files.reread();
  await expect(handshake(old)).rejects.toThrow();
});
