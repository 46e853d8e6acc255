import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { ReflectionClient } from '../e2e/support/reflection-client.js';
import { type RunningServer, startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';

let desk: TokenDesk;
let server: RunningServer;
beforeAll(async () => {
  desk = await TokenDesk.open();
  server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
});
afterAll(async () => {
  await server?.stop();
  await desk?.[Symbol.asyncDispose]();
});

/** What anybody may call: it computes nothing. */
const OPEN = [
  '/jina.JinaGatewayDryRunRPC/dry_run',
  '/jina.JinaDiscoverEndpointsRPC/endpoint_discovery',
  '/jina.JinaInfoRPC/_status',
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/List',
];

/** What anybody may call without something to compute, which an empty message is. */
const DOCUMENTS = ['/jina.JinaRPC/Call', '/jina.JinaSingleDataRequestRPC/process_single_data'];

/** Streams of answers that anybody may open; they last. */
const WATCHED = /\/(Watch|ServerReflectionInfo)$/;

/** Every method that the server lists of itself. */
async function methodsListed(): Promise<string[]> {
  const client = new ReflectionClient('v1', server.target);
  const paths: string[] = [];
  for (const name of await client.services()) {
    for (const file of (await client.filesOf(name)).values()) {
      const service = file.service?.find((one) => `${file.package}.${one.name}` === name);
      paths.push(...(service?.method ?? []).map((method) => `/${name}/${method.name}`));
    }
  }
  client.close();
  return [...new Set(paths)];
}

/** The status of a call with an empty message and no token. */
function callOf(client: Client, path: string): Promise<number> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    const deadline = Date.now() + 20_000;
    client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), { deadline }, (err: ServiceError | null) =>
      resolve(err?.code ?? 0),
    );
  });
}

describe('without a token', () => {
  it('every gRPC method is closed but those that are open on purpose', async () => {
    const methods = await methodsListed();
    expect(methods).toEqual(expect.arrayContaining([...OPEN, ...DOCUMENTS]));
    const closed = methods.filter((path) => !OPEN.includes(path) && !DOCUMENTS.includes(path) && !WATCHED.test(path));
    expect(closed).toEqual(expect.arrayContaining(['/clip.v1.Clip/Encode', '/clip.v1.Clip/ListModels']));
    const client = new Client(server.target, credentials.createInsecure());
    for (const path of closed) expect([path, await callOf(client, path)]).toEqual([path, 16]);
    for (const path of [...OPEN, ...DOCUMENTS]) expect([path, await callOf(client, path)]).toEqual([path, 0]);
    client.close();
  });

  it.each([
    ['/', 401],
    ['/elsewhere', 401],
  ])('a WebSocket at %s is refused', async (path, status) => {
    const socket = new WebSocket(`${server.http(path).replace('http', 'ws')}`);
    const [err] = (await once(socket, 'error')) as [Error];
    expect(err.message).toContain(String(status));
  });

  it('a WebSocket that computes nothing is open', async () => {
    const socket = new WebSocket(server.http('/dry_run').replace('http', 'ws'));
    await once(socket, 'open');
    socket.terminate();
  });
});
