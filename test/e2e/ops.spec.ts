import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../support/server.js';
import { type DataMessage, dataMessage, exchange, textDocuments } from './support/documents.js';
import { model, picture } from './support/fixtures.js';
import { duplex, grpcClient, unary } from './support/grpc-clients.js';
import { call, postJson } from './support/http-call.js';
import { ImageHost } from './support/image-host.js';
import { RawConnection } from './support/raw-connection.js';
import { eventually, metric } from './support/server-process.js';

const readiness = async (server: RunningServer) => (await call(server.ops('/health/ready'))).status;

describe('the ops port', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it('is live and ready, each at once after the start', async () => {
    const live = await call(server.ops('/health/live'));
    expect([live.status, live.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await call(server.ops('/health/ready'));
    expect(ready.status).toBe(200);
    expect(ready.json()).toMatchObject({ status: 'ok', info: { inference: { status: 'up' } } });
  });

  it.each([
    ['grpc', 'encode'],
    ['http', 'embeddings'],
    ['websocket', 'encode'],
  ])('counts requests and items over %s', async (protocol, operation) => {
    const labels = { protocol, operation };
    const read = async () => [
      await metric(server, 'clip_requests_total', { ...labels, outcome: 'ok' }),
      await metric(server, 'clip_items_total', labels),
      await metric(server, 'clip_request_duration_seconds_count', labels),
      await metric(server, 'clip_time_to_first_byte_seconds_count', { protocol }),
    ];
    const before = await read();
    await askFor(protocol, ['one', 'two', 'three']);
    const after = await read();
    expect(after.map((value, at) => value - before[at]!)).toEqual([1, 3, 1, 1]);
  });

  async function askFor(protocol: string, texts: string[]): Promise<void> {
    if (protocol === 'http') return void (await postJson(server.http('/v1/embeddings'), { input: texts }));
    if (protocol === 'grpc') {
      const client = grpcClient('clip.v1.Clip', server.target);
      await unary(client, 'Encode', { items: texts.map((text) => ({ text })) });
      return client.close();
    }
    const socket = new WebSocket(server.ws());
    await once(socket, 'open');
    socket.send(JSON.stringify({ data: texts.map((text) => ({ text })), exec_endpoint: '/encode' }));
    socket.send('{}');
    await once(socket, 'close');
  }

  it('times the first byte of each answer of a stream', async () => {
    const read = () => metric(server, 'clip_time_to_first_byte_seconds_count', { protocol: 'grpc' });
    const before = await read();
    const client = grpcClient('jina.JinaRPC', server.target);
    const messages = ['a', 'b', 'c'].map((id) => dataMessage(id, textDocuments(id, [id])));
    await exchange(duplex<DataMessage, DataMessage>(client, 'Call'), messages);
    client.close();
    expect((await read()) - before).toBe(3);
  });

  it('shows the requests that are being worked on', async () => {
    await using images = await ImageHost.serving(picture('photo-cat.jpg'));
    const server = await startServer({ env: { CAS_ALLOW_PRIVATE_FETCH: 'true' } });
    const running = () => metric(server, 'clip_requests_running', { protocol: 'http' });
    const asked = images.asked();
    const calling = postJson(server.http('/v1/embeddings'), { input: [{ image: images.heldUrl }] });
    await asked;
    expect(await running()).toBe(1);
    images.release();
    await calling;
    await eventually('nothing is worked on', async () => (await running()) === 0);
    expect(await metric(server, 'clip_fetch_duration_seconds_count', { outcome: 'ok' })).toBe(1);
    await server.stop();
  });

  it('counts failures by their word', async () => {
    const failed = { protocol: 'http', operation: 'embeddings', outcome: 'model_unknown' };
    const before = await metric(server, 'clip_requests_total', failed);
    await postJson(server.http('/v1/embeddings'), { input: 'x', model: 'nosuch' });
    expect(await metric(server, 'clip_requests_total', failed)).toBe(before + 1);
  });

  it('shows queue, batches and durations of the model', async () => {
    const { text, headers } = await call(server.ops('/metrics'));
    expect(headers['content-type']).toMatch(/^text\/plain/);
    for (const name of ['clip_queue_depth', 'clip_queue_bytes', 'clip_queue_age_seconds', 'clip_replica_up']) {
      expect(text).toContain(`${name}{model="${model.name}"}`);
    }
    for (const name of [
      'clip_batch_size',
      'clip_queue_wait_seconds',
      'clip_preprocess_seconds',
      'clip_inference_seconds',
    ]) {
      expect(await metric(server, `${name}_count`, { model: model.name, tower: 'textual' }), name).toBeGreaterThan(0);
    }
  });

  it('shows the room on the disks of its folders, without their paths, and that the audit trail is whole', async () => {
    for (const folder of ['data', 'models']) {
      const size = await metric(server, 'clip_disk_size_bytes', { folder });
      expect(size, folder).toBeGreaterThan(1e6);
      expect(await metric(server, 'clip_disk_free_bytes', { folder }), folder).toBeLessThanOrEqual(size);
    }
    await eventually('the trail was checked', async () => (await metric(server, 'clip_audit_chain_intact')) === 1);
    expect(await metric(server, 'clip_ready')).toBe(1);
    expect((await call(server.ops('/metrics'))).text, 'no TLS, no certificate').not.toContain(
      '\nclip_certificate_expiry_timestamp_seconds ',
    );
  });

  it('names a kept trace in OpenMetrics, where that is asked for', async () => {
    const traceId = 'd1e2'.repeat(8);
    const answer = await call(server.http('/v1/embeddings'), {
      body: JSON.stringify({ input: 'traced' }),
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
    });
    expect(answer.status).toBe(200);
    const read = async () => call(server.ops('/metrics'), { headers: { accept: 'application/openmetrics-text' } });
    const exemplars = async (name: string) =>
      (await read()).text.split('\n').filter((line) => line.startsWith(`${name}_bucket`) && line.includes('trace_id'));
    await eventually('the request is an example', async () =>
      (await exemplars('clip_request_duration_seconds')).some((line) => line.includes(traceId)),
    );
    expect((await exemplars('clip_queue_wait_seconds')).some((line) => line.includes(traceId))).toBe(true);
    expect(await exemplars('clip_inference_seconds')).not.toEqual([]);
    const { headers, text } = await read();
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('says how late the event loop is, without the time between two looks at it', async () => {
    for (const figure of ['min', 'mean', 'max', 'p50', 'p99']) {
      const seconds = await metric(server, `nodejs_eventloop_lag_${figure}_seconds`);
      expect(seconds, figure).toBeGreaterThanOrEqual(0);
      expect(seconds, figure).toBeLessThan(3_600);
    }
    expect(await metric(server, 'nodejs_eventloop_lag_min_seconds')).toBeLessThan(0.01);
  });

  it('holds nothing of the inference API, and the other way round', async () => {
    expect((await call(server.ops('/v1/models'))).status).toBe(404);
    expect((await call(server.http('/metrics'))).status).toBe(404);
  });
});

describe('SIGTERM', () => {
  it('makes the server not ready, lets what is in flight finish, and ends it with 0 though clients stay connected', async () => {
    await using images = await ImageHost.serving(picture('photo-cat.jpg'));
    const env = { CAS_ALLOW_PRIVATE_FETCH: 'true', CAS_SHUTDOWN_GRACE_MS: '5000' };
    const server = await startServer({ env });
    const grpc = grpcClient('jina.JinaRPC', server.target);
    const idleStream = duplex<DataMessage, DataMessage>(grpc, 'Call');
    const streamEnd = once(idleStream, 'error');
    await exchange(duplex<DataMessage, DataMessage>(grpc, 'Call'), [dataMessage('x', textDocuments('x', ['x']))]);
    const socket = new WebSocket(server.ws());
    await once(socket, 'open');
    const shutdownNotice = once(socket, 'close');
    const silent = await RawConnection.to(server);

    const busy = [
      [images.asked(), postJson(server.http('/v1/embeddings'), { input: [{ image: images.heldUrl }] })],
      [images.asked(), inFlightOverGrpc(server, images.heldUrl)],
      [images.asked(), inFlightOverWebSocket(server, images.heldUrl)],
    ] as const;
    await Promise.all(busy.map(([asked]) => asked));
    server.kill('SIGTERM');
    await eventually('it is not ready', async () => (await readiness(server)) === 503);
    expect((await call(server.ops('/health/live'))).status).toBe(200);
    expect((await call(server.ops('/health/startup'))).status, 'it has started, whatever comes').toBe(200);
    images.release();

    const [http, answers, overWebSocket] = await Promise.all([busy[0][1], busy[1][1], busy[2][1]]);
    expect(http.status).toBe(200);
    expect(answers[0]?.header.status).toBeNull();
    expect(overWebSocket).toEqual({ embedded: true, closeCode: 1001 });
    expect(await server.exited()).toEqual({ code: 0, signal: null });
    expect((await shutdownNotice)[0]).toBe(1001);
    expect((await streamEnd)[0]).toMatchObject({ code: status.UNAVAILABLE });
    await silent.closed;
    grpc.close();
  });

  async function inFlightOverGrpc(server: RunningServer, uri: string): Promise<DataMessage[]> {
    const client = grpcClient('jina.JinaRPC', server.target);
    const answers = await exchange(duplex<DataMessage, DataMessage>(client, 'Call'), [
      dataMessage('held', [{ id: 'h', uri }]),
    ]);
    client.close();
    return answers;
  }

  async function inFlightOverWebSocket(server: RunningServer, uri: string): Promise<object> {
    const socket = new WebSocket(server.ws());
    await once(socket, 'open');
    const closed = once(socket, 'close');
    const answered = once(socket, 'message');
    socket.send(JSON.stringify({ data: [{ uri }], execEndpoint: '/encode' }));
    const [answer] = (await answered) as [Buffer];
    const [closeCode] = (await closed) as [number];
    return { embedded: answer.includes('"embedding"'), closeCode };
  }

  it('ends with 0 at the end of the grace time when a call does not', async () => {
    await using images = await ImageHost.serving(picture('photo-cat.jpg'));
    const env = { CAS_ALLOW_PRIVATE_FETCH: 'true', CAS_SHUTDOWN_GRACE_MS: '1000' };
    const server = await startServer({ env });
    const asked = images.asked();
    const calling = postJson(server.http('/v1/embeddings'), { input: [{ image: images.heldUrl }] }).then(
      (answer) => answer.status,
      () => 'cut',
    );
    await asked;
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect([503, 499, 'cut']).toContain(await calling);
  });

  it('SIGINT ends it as well, also when it comes twice as Ctrl-C under npm does', async () => {
    const server = await startServer();
    server.kill('SIGINT');
    expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null });
  });
});
