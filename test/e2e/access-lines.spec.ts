import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type LogLine, type RunningServer, startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { model } from './support/fixtures.js';
import { Metadata } from '@grpc/grpc-js';
import { duplex, failure, grpcClient, unary } from './support/grpc-clients.js';
import { type DataMessage, dataMessage, exchange, textDocuments } from './support/documents.js';
import { call } from './support/http-call.js';
import { eventually, metric } from './support/server-process.js';

const isAccessLine = (line: LogLine): boolean => line['msg'] === 'request';

describe('a request leaves one line in the log when it has ended', () => {
  let desk: TokenDesk;
  let server: RunningServer;
  let token: string;
  let principal: string;

  beforeAll(async () => {
    desk = await TokenDesk.open();
    server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const made = await desk.create();
    token = made.token;
    principal = made.record.id;
  });
  afterAll(async () => {
    await server?.stop();
    await desk?.[Symbol.asyncDispose]();
  });

  /** The lines of what `work` asked for; `count` of them are waited for, and all that come with them are given. */
  async function linesOf(count: number, work: () => Promise<unknown>): Promise<LogLine[]> {
    const before = server.logs().filter(isAccessLine).length;
    await work();
    const lines = () => server.logs().filter(isAccessLine).slice(before);
    await eventually(`${count} lines`, () => lines().length >= count);
    return lines();
  }

  const post = (body: object, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
    call(server.http('/v1/embeddings?key=planted'), {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('over HTTP, with the ids that the caller sent', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': 'of-the-caller', traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const lines = await linesOf(1, () => post({ input: ['a', 'b'] }, { ...headers, authorization: `Bearer ${token}` }));
    expect(lines).toEqual([
      {
        ...{ level: 30, time: expect.any(String), msg: 'request', trace_id: traceId, trace_flags: '01' },
        ...{ span_id: expect.stringMatching(/^[0-9a-f]{16}$/), requestId: 'of-the-caller' },
        ...{ protocol: 'http', request: 'POST /v1/embeddings', status: 200, outcome: 'ok', operation: 'embeddings' },
        ...{ model: model.name, items: 2, durationMs: expect.any(Number), requestBytes: 19 },
        ...{ responseBytes: expect.any(Number), principal, client: '127.0.0.1' },
      },
    ]);
  });

  it('over gRPC, a line a message of a stream', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    const clip = grpcClient('clip.v1.Clip', server.target);
    const jina = grpcClient('jina.JinaRPC', server.target);
    const lines = await linesOf(3, async () => {
      await unary(clip, 'Encode', { items: [{ text: 'a' }] }, { metadata });
      const stream = duplex<DataMessage, DataMessage>(jina, 'Call', metadata);
      await exchange(
        stream,
        ['one', 'two'].map((id) => dataMessage(id, textDocuments(id, ['a', 'b']))),
      );
    });
    clip.close();
    jina.close();
    expect(lines.map(({ request, outcome, items }) => [request, outcome, items])).toEqual([
      ['clip.v1.Clip/Encode', 'ok', 1],
      ['jina.JinaRPC/Call', 'ok', 2],
      ['jina.JinaRPC/Call', 'ok', 2],
    ]);
    for (const line of lines) expect(line).toMatchObject({ protocol: 'grpc', principal, status: 'OK' });
  });

  it('over WebSocket, a line a message', async () => {
    const socket = new WebSocket(server.ws(), { headers: { authorization: `Bearer ${token}` } });
    await once(socket, 'open');
    const lines = await linesOf(1, async () => {
      const answered = once(socket, 'message');
      socket.send(JSON.stringify({ data: [{ text: 'a' }], exec_endpoint: '/encode' }));
      await answered;
    });
    socket.terminate();
    expect(lines).toMatchObject([{ protocol: 'websocket', outcome: 'ok', items: 1, principal, client: '127.0.0.1' }]);
  });

  it('also where it was refused before anything of it was read', async () => {
    const clip = grpcClient('clip.v1.Clip', server.target);
    const lines = await linesOf(3, async () => {
      await post({ input: 'a' }, { authorization: 'Bearer planted' });
      await failure(unary(clip, 'Encode', { items: [{ text: 'a' }] }));
      await once(new WebSocket(server.ws()), 'error');
    });
    clip.close();
    expect(lines).toMatchObject([
      { request: 'POST /v1/embeddings', status: 401, outcome: 'unauthenticated', principal: 'unauthenticated' },
      { request: 'clip.v1.Clip/Encode', status: 'UNAUTHENTICATED', outcome: 'unauthenticated' },
      { protocol: 'websocket', outcome: 'unauthenticated' },
    ]);
    expect(lines.map(({ client }) => client)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    expect(server.text()).not.toContain('planted');
  });

  it('also where no route answers, without what was asked for, and without a trace', async () => {
    const lines = await linesOf(2, async () => {
      const headers = { authorization: `Bearer ${token}` };
      const unknown = await call(server.http('/v1/planted-path?key=planted'), { headers });
      expect([unknown.status, unknown.headers['traceresponse']]).toEqual([404, undefined]);
      expect((await call(server.http('/v1/planted-path'))).status).toBe(401);
    });
    const common = { protocol: 'http', request: 'GET unknown route', client: '127.0.0.1' };
    expect(lines).toMatchObject([
      { ...common, status: 404, outcome: 'not_found' },
      { ...common, status: 401, outcome: 'unauthenticated' },
    ]);
    expect(server.text()).not.toContain('planted');
  });

  it('and none for health and the documentation, which are asked all the time', async () => {
    const lines = await linesOf(1, async () => {
      for (const path of ['/health', '/status', '/openapi.json']) await call(server.http(path));
      await post({ input: 'a' });
    });
    expect(lines.map(({ request }) => request)).toEqual(['POST /v1/embeddings']);
  });
});

describe('access lines under load', () => {
  it('are bounded; what is left out is counted and told', async () => {
    await using server = await startServer({ env: { CAS_ACCESS_LINES_PER_SECOND: '1' } });
    const body = JSON.stringify({ input: 'a' });
    const ask = () => call(server.http('/v1/embeddings'), { body, headers: { 'content-type': 'application/json' } });
    for (let at = 0; at < 10; at++) await Promise.all(Array.from({ length: 10 }, ask));
    const dropped = () => metric(server, 'clip_log_lines_dropped_total');
    const written = () => server.logs().filter(isAccessLine).length;
    await eventually('all are written or counted', async () => written() + (await dropped()) === 100);
    expect(await dropped()).toBeGreaterThan(0);
    const told = await server.logged((line) => line['msg'] === 'access lines left out');
    expect(told).toMatchObject({ dropped: { ok: expect.any(Number) }, linesPerSecondMax: 1 });
    expect(told).not.toHaveProperty('requestId');
  });

  it('are none where the settings want none', async () => {
    await using server = await startServer({ env: { CAS_ACCESS_LINES_PER_SECOND: '0' } });
    await call(server.http('/v1/embeddings'), {
      body: '{"input":"a"}',
      headers: { 'content-type': 'application/json' },
    });
    await server.stop();
    expect(server.logs().filter(isAccessLine)).toEqual([]);
    expect(server.text()).toContain('stopped');
  });
});
