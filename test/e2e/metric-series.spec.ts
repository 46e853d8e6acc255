import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../support/server.js';
import { grpcClient, unary } from './support/grpc-clients.js';
import { call, postJson } from './support/http-call.js';
import { metric } from './support/server-process.js';

const PAGE_BYTES_MAX = 300_000;

/** The series of our own metrics, without their values. */
async function series(server: RunningServer): Promise<string[]> {
  const { text } = await call(server.ops('/metrics'));
  expect(text.length).toBeLessThan(PAGE_BYTES_MAX);
  const lines = text.split('\n').filter((line) => line.startsWith('clip_'));
  return lines.map((line) => line.slice(0, line.lastIndexOf(' '))).sort();
}

/** Sends request after request, eight at a time. */
async function each(count: number, ask: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await ask(next++).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** The kinds of names that callers choose, each in requests of its own, over every protocol. */
function askers(server: RunningServer): { count: number; ask: (n: number) => Promise<unknown> }[] {
  const clip = grpcClient('clip.v1.Clip', server.target);
  const bearer = (n: number) => ({ authorization: `Bearer cas_${n}` });
  const embed = (body: object) => postJson(server.http('/v1/embeddings'), body);
  return [
    { count: 500, ask: (n) => embed({ input: 'x', model: `model-${n}` }) },
    { count: 500, ask: (n) => embed({ input: [{ image: `http://10.1.${n >> 8}.${n & 255}/picture` }] }) },
    { count: 500, ask: (n) => call(server.http('/v1/models'), { headers: bearer(n) }) },
    { count: 500, ask: (n) => call(server.http(`/path-${n}`)) },
    { count: 500, ask: (n) => postJson(server.http(`/encode/model-${n}`), { data: [{ text: 'x' }] }) },
    { count: 500, ask: (n) => postJson(server.http('/post'), { data: [{ text: 'x' }], execEndpoint: `/do-${n}` }) },
    { count: 500, ask: (n) => unary(clip, 'Encode', { items: [{ text: 'x' }], model: `model-${n}` }) },
    { count: 1, ask: () => overWebSocket(server, 10_000) },
  ];
}

/** Messages of one connection, each for an operation and a model of its own. */
async function overWebSocket(server: RunningServer, count: number): Promise<void> {
  const socket = new WebSocket(server.ws());
  await once(socket, 'open');
  for (let n = 0; n < count; n += 1) {
    const execEndpoint = n % 2 === 0 ? `/encode/model-${n}` : `/operation-${n}`;
    socket.send(JSON.stringify({ data: [{ text: 'x' }], execEndpoint }));
  }
  socket.send('{}');
  await once(socket, 'close');
}

describe('whatever names callers send', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it('add no series to the metrics, over no protocol', async () => {
    for (const { ask } of askers(server)) await ask(0).catch(() => undefined);
    const before = await series(server);
    for (const { count, ask } of askers(server)) await each(count, ask);
    expect(await series(server)).toEqual(before);
    expect(await metric(server, 'clip_requests_total', { protocol: 'websocket' })).toBeGreaterThan(10_000);
  });
});
