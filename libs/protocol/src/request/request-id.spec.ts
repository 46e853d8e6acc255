import { credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

describe('requestIdOf', () => {
  it.each([
    'a',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '00-4bf92f35-b7-01',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'a'.repeat(128),
  ])('keeps %j', (id) => {
    expect(requestIdOf(id)).toBe(id);
  });

  it.each([undefined, '', ' ', 'a b', 'a\nb', 'é', '"', 'a'.repeat(129), Buffer.from('a'), ['a']])(
    'makes a new one instead of %j',
    (sent) => {
      expect(requestIdOf(sent)).toMatch(/^[0-9a-f]{32}$/);
      expect(requestIdOf(sent)).not.toBe(requestIdOf(sent));
    },
  );
});

describe('the id of a request', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.app.close());

  const call = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it.each(['/v1/embeddings', '/encode', '/nowhere'])('comes back over HTTP, also with a refusal: %s', async (path) => {
    const sent = await call(path, '{"input":"a"}', { 'x-request-id': 'mine-1' });
    expect(sent.headers.get('x-request-id')).toBe('mine-1');
    expect((await call(path, '{')).headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is the one in the header of a compatible answer, unless that was sent with one of its own', async () => {
    const idOf = async (body: string) => {
      const answer = await call('/encode', body, { 'x-request-id': 'mine-2' });
      return ((await answer.json()) as { header: { requestId: string } }).header.requestId;
    };
    expect(await idOf('{"data":[]}')).toBe('mine-2');
    expect(await idOf('{"data":[],"header":{"request_id":"theirs"}}')).toBe('theirs');
  });

  it('is told of a failure that nobody foresaw, over HTTP and gRPC', async () => {
    server.model.pool = () => {
      throw new TypeError('secret detail');
    };
    const answer = await call('/v1/embeddings', '{"input":"a"}', { 'x-request-id': 'mine-3' });
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).toContain('The id of the request is mine-3.');
    expect(text).not.toContain('secret');
    const { code, details, metadata } = await unary('mine-4');
    expect([code, metadata.get('x-request-id')]).toEqual([13, ['mine-4']]);
    expect(details).toContain('The id of the request is mine-4.');
  });

  /** Calls clip.v1.Clip/Encode with one text and gives how it ended. */
  async function unary(id: string): Promise<{ code: number; details: string; metadata: Metadata }> {
    const { Client } = await import('@grpc/grpc-js');
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('x-request-id', id);
    const request = Buffer.from([0x1a, 3, 0x0a, 1, 0x61]); // items: [{text: "a"}]
    const bytes = (value: Buffer): Buffer => value;
    return new Promise((resolve) => {
      const call = client.makeUnaryRequest('/clip.v1.Clip/Encode', bytes, bytes, request, metadata, () => undefined);
      call.on('status', (status) => {
        client.close();
        resolve(status);
      });
    });
  }
});
