import { once } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import { WebSocket } from 'ws';
import type { RunningServer } from '../../support/server.js';
import { dataMessage, type DataMessage } from './documents.js';
import { duplex, fromBytes, grpcClient, toBytes, unary } from './grpc-clients.js';

/** Asks for the vector of one picture, as a part of the span `traceparent`; resolves when it is answered. */
export type TracedCall = (server: RunningServer, traceparent: string, picture: Buffer) => Promise<void>;

const documents = (picture: Buffer, parameters?: object): DataMessage => ({
  ...dataMessage('r', [{ id: 'r-0', blob: picture, mimeType: 'image/png' }]),
  ...(parameters ? ({ parameters: structOf(parameters) } as object) : {}),
});

/** `google.protobuf.Struct` as proto-loader's objects have it. */
function structOf(values: object): object {
  const fields = Object.entries(values).map(([key, value]) => [key, { stringValue: String(value) }]);
  return { fields: Object.fromEntries(fields) as object };
}

function metadataOf(traceparent: string): Metadata {
  const metadata = new Metadata();
  metadata.set('traceparent', traceparent);
  return metadata;
}

async function overGrpc<Answer>(
  server: RunningServer,
  service: string,
  work: (client: ReturnType<typeof grpcClient>) => Promise<Answer>,
): Promise<Answer> {
  const client = grpcClient(service, server.target);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function post(server: RunningServer, path: string, body: object, headers: object = {}): Promise<void> {
  const res = await fetch(server.http(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (res.status !== 200) throw new Error(await res.text());
  await res.text();
}

async function overWebSocket(
  server: RunningServer,
  protocols: string[],
  headers: Record<string, string>,
  message: Buffer | string,
): Promise<Buffer> {
  const socket = new WebSocket(server.ws(), protocols, { headers });
  try {
    await once(socket, 'open');
    const got = once(socket, 'message');
    socket.send(message);
    const [data] = (await got) as [Buffer];
    return data;
  } finally {
    socket.terminate();
  }
}

function requireVector(bytes: Buffer): void {
  if (!fromBytes(bytes).data.docs.docs[0]?.embedding) throw new Error('no embedding');
}

const json = (picture: Buffer, parameters?: object): object => ({
  data: [{ blob: picture.toString('base64') }],
  execEndpoint: '/encode',
  ...(parameters ? { parameters } : {}),
});

/** Each way in, by the name that its span has. */
export const TRACED_CALLS: readonly (readonly [name: string, how: string, call: TracedCall])[] = [
  [
    'clip.v1.Clip/Encode',
    'metadata',
    (server, traceparent, image) =>
      overGrpc(server, 'clip.v1.Clip', (client) =>
        unary(client, 'Encode', { items: [{ image }] }, { metadata: metadataOf(traceparent) }),
      ),
  ],
  [
    'clip.v1.Clip/EncodeStream',
    'metadata',
    (server, traceparent, image) =>
      overGrpc(server, 'clip.v1.Clip', async (client) => {
        const stream = duplex<object, { error: unknown }>(client, 'EncodeStream', metadataOf(traceparent));
        stream.end({ id: '1', items: [{ image }] });
        for await (const { error } of stream as AsyncIterable<{ error: unknown }>) if (error) throw new Error('failed');
      }),
  ],
  [
    'jina.JinaRPC/Call',
    'metadata',
    (server, traceparent, picture) =>
      overGrpc(server, 'jina.JinaRPC', async (client) => {
        const stream = duplex<DataMessage, DataMessage>(client, 'Call', metadataOf(traceparent));
        stream.end(documents(picture));
        for await (const answer of stream as AsyncIterable<DataMessage>) requireVector(toBytes(answer));
      }),
  ],
  [
    'jina.JinaRPC/Call',
    'parameters',
    (server, traceparent, picture) =>
      overGrpc(server, 'jina.JinaRPC', async (client) => {
        const stream = duplex<DataMessage, DataMessage>(client, 'Call');
        stream.end(documents(picture, { traceparent, tracestate: 'vendor=1' }));
        for await (const answer of stream as AsyncIterable<DataMessage>) requireVector(toBytes(answer));
      }),
  ],
  [
    'POST /v1/embeddings',
    'header',
    (server, traceparent, picture) =>
      post(server, '/v1/embeddings', { input: [{ image: picture.toString('base64') }] }, { traceparent }),
  ],
  ['POST /post', 'header', (server, traceparent, picture) => post(server, '/post', json(picture), { traceparent })],
  ['POST /post', 'parameters', (server, traceparent, picture) => post(server, '/post', json(picture, { traceparent }))],
  [
    'WebSocket encode',
    'upgrade, bytes',
    async (server, traceparent, picture) =>
      requireVector(await overWebSocket(server, ['bytes'], { traceparent }, toBytes(documents(picture)))),
  ],
  [
    'WebSocket encode',
    'upgrade, JSON',
    async (server, traceparent, picture) => {
      const data = await overWebSocket(server, [], { traceparent }, JSON.stringify(json(picture)));
      if (!data.includes('embedding')) throw new Error(data.toString());
    },
  ],
  [
    'WebSocket encode',
    'parameters',
    async (server, traceparent, picture) => {
      const data = await overWebSocket(server, [], {}, JSON.stringify(json(picture, { traceparent })));
      if (!data.includes('embedding') || data.includes('traceparent')) throw new Error(data.toString());
    },
  ],
];
