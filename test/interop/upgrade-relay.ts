import { readFileSync } from 'node:fs';
import { createServer, type TLSSocket } from 'node:tls';
import { connect, type AddressInfo } from 'node:net';
import type { ServerCertificate } from '../support/certificates.js';

/** Where the token goes in an upgrade: a header, or a further sub-protocol. */
export type TokenPlace = 'header' | 'sub-protocol';

/**
 * Stands between the Python client, which has no way to send a token on WebSocket, and a server that wants one: it ends
 * the client's TLS, adds the token to the upgrade and passes every other byte on unchanged.
 */
export async function relayWithToken(
  certificate: ServerCertificate,
  serverPort: number,
  place: TokenPlace,
  token: string,
): Promise<{ port: number; close(): void }> {
  const open = new Set<TLSSocket>();
  const { certificateFile, keyFile } = certificate;
  const relay = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    pass(client, serverPort, (head) => withToken(head, place, token));
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const { port } = relay.address() as AddressInfo;
  const close = (): void => {
    relay.close();
    for (const client of open) client.destroy();
  };
  return { port, close };
}

function pass(client: TLSSocket, serverPort: number, edit: (head: string) => string): void {
  const server = connect(serverPort, '127.0.0.1');
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
  server.pipe(client);
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    client.off('data', onData);
    server.write(edit(head.subarray(0, end).toString('latin1')), 'latin1');
    server.write(head.subarray(end));
    client.pipe(server);
  };
  client.on('data', onData);
}

function withToken(head: string, place: TokenPlace, token: string): string {
  if (place === 'header') return `${head}\r\nAuthorization: Bearer ${token}`;
  const offered = /^sec-websocket-protocol:.*$/im;
  return offered.test(head)
    ? head.replace(offered, (line) => `${line}, bearer.${token}`)
    : `${head}\r\nSec-WebSocket-Protocol: bearer.${token}`;
}
