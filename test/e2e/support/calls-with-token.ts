import { once } from 'node:events';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { WebSocket } from 'ws';
import type { Reached } from './steady-callers.js';
import { dataMessage, textDocuments, type DataMessage } from './documents.js';
import { fromBytes, grpcClient, toBytes, unary } from './grpc-clients.js';
import { call } from './http-call.js';

/** How a call for one embedding ended: `ok`, or what it was refused with. */
export type Outcome = 'ok' | 'unauthenticated' | 'forbidden' | `other: ${string}`;

/** Asks for one embedding in one of the ways there are, with `token` where that way carries one. */
export type EncodeCall = (server: Reached, token: string | undefined) => Promise<Outcome>;

const message = (): DataMessage => dataMessage('r', textDocuments('r', ['a cat']));

function metadataOf(token: string | undefined, scheme = ''): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', scheme + token);
  return metadata;
}

async function overGrpc(
  server: Reached,
  service: string,
  work: (client: ReturnType<typeof grpcClient>) => Promise<unknown>,
): Promise<Outcome> {
  const client = grpcClient(service, server.target);
  try {
    await work(client);
    return 'ok';
  } catch (err) {
    const { code, details } = err as ServiceError;
    return code === 16 ? 'unauthenticated' : code === 7 ? 'forbidden' : `other: ${code} ${details}`;
  } finally {
    client.close();
  }
}

async function overHttp(server: Reached, path: string, body: unknown, authorization?: string): Promise<Outcome> {
  const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) };
  const { status, text } = await call(server.http(path), { headers, body: JSON.stringify(body) });
  if (status === 200) return 'ok';
  return status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : `other: ${status} ${text}`;
}

async function overWebSocket(server: Reached, protocols: string[], headers: Record<string, string>): Promise<Outcome> {
  const socket = new WebSocket(server.ws(), protocols, { headers });
  const refused = new Promise<Outcome>((resolve) => {
    socket.once('unexpected-response', (_req, res) => {
      res.resume();
      resolve(res.statusCode === 401 ? 'unauthenticated' : `other: ${res.statusCode}`);
    });
    socket.once('close', (code, reason) => {
      // The sub-protocol `bytes` has one code for all failures.
      const isForbidden = code === 4403 || (code === 1011 && /the scope|may not use/.test(reason.toString()));
      resolve(isForbidden ? 'forbidden' : `other: closed ${code} ${reason.toString()}`);
    });
    socket.on('error', () => undefined);
  });
  const answered = once(socket, 'open').then(async (): Promise<Outcome> => {
    const isBytes = socket.protocol === 'bytes';
    const json = { data: [{ text: 'a cat' }], execEndpoint: '/encode' };
    const got = once(socket, 'message');
    socket.send(isBytes ? toBytes(message()) : JSON.stringify(json));
    const [data] = (await got) as [Buffer];
    const isEmbedded = isBytes ? fromBytes(data).data.docs.docs[0]?.embedding : data.includes('embedding');
    return isEmbedded ? 'ok' : 'other: no embedding';
  });
  try {
    return await Promise.race([refused, answered]);
  } finally {
    answered.catch(() => undefined);
    socket.terminate();
  }
}

const bearer = (token: string | undefined): string | undefined => (token === undefined ? undefined : `Bearer ${token}`);
const header = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: token };

/** Every way to an embedding, by name. */
export const ENCODE_CALLS: Record<string, EncodeCall> = {
  'JinaRPC/Call': (server, token) =>
    overGrpc(server, 'jina.JinaRPC', async (client) => {
      const stream = client['Call']!(metadataOf(token)) as NodeJS.ReadWriteStream;
      stream.write(message() as never);
      stream.end();
      for await (const _answer of stream);
    }),
  process_single_data: (server, token) =>
    overGrpc(server, 'jina.JinaSingleDataRequestRPC', (client) =>
      unary(client, 'process_single_data', message(), { metadata: metadataOf(token, 'Bearer ') }),
    ),
  'Clip/Encode': (server, token) =>
    overGrpc(server, 'clip.v1.Clip', (client) =>
      unary(client, 'Encode', { items: [{ text: 'a cat' }] }, { metadata: metadataOf(token, 'bearer ') }),
    ),
  'Clip/EncodeStream': (server, token) =>
    overGrpc(server, 'clip.v1.Clip', async (client) => {
      const stream = client['EncodeStream']!(metadataOf(token)) as NodeJS.ReadWriteStream;
      stream.write({ id: '1', items: [{ text: 'a cat' }] } as never);
      stream.end();
      for await (const answer of stream) {
        const { error } = answer as unknown as { error: { code: string } | null };
        if (error) throw Object.assign(new Error(error.code), { code: error.code === 'permission_denied' ? 7 : 2 });
      }
    }),
  'POST /post': (server, token) => overHttp(server, '/post', { data: [{ text: 'a' }], execEndpoint: '/encode' }, token),
  'POST /encode': (server, token) => overHttp(server, '/encode', { data: [{ text: 'a' }] }, bearer(token)),
  'POST /v1/embeddings': (server, token) => overHttp(server, '/v1/embeddings', { input: 'a cat' }, bearer(token)),
  'WebSocket, by header': (server, token) => overWebSocket(server, ['bytes'], header(token)),
  'WebSocket, by sub-protocol': (server, token) =>
    overWebSocket(server, token === undefined ? ['json'] : ['json', `bearer.${token}`], {}),
  'WebSocket, as a browser': (server, token) =>
    overWebSocket(server, token === undefined ? [] : [`bearer.${token}`], {}),
};
