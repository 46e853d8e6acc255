import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataMessage, exchange, type DataMessage } from '../e2e/support/documents.js';
import { duplex, grpcClient, unary } from '../e2e/support/grpc-clients.js';
import { postJson } from '../e2e/support/http-call.js';
import { startServer as startClip, type RunningServer } from '../support/server.js';
import { FORBIDDEN_HOSTS } from './support/forbidden-hosts.js';
import { startServer, type HostileServer } from './support/hostile-server.js';

// The corpus once more, against a whole server with default settings: nothing between its ports and the fetcher lets
// one by.

let inner: HostileServer;
let server: RunningServer;
let addresses: string[];

beforeAll(async () => {
  inner = await startServer((_req, res) => res.end('secret'));
  server = await startClip();
  const hosts = FORBIDDEN_HOSTS.map(([, host]) => `http://${host}:${inner.port}/latest/meta-data/`);
  addresses = [...hosts, 'file:///etc/passwd', 'gopher://127.0.0.1/', `http://user:pw@127.0.0.1:${inner.port}/`];
});
afterAll(async () => {
  await server?.stop();
  await inner?.close();
});

interface Reply {
  results: { error?: { code: string; message: string } | null }[];
}

it('clip.v1.Clip/Encode refuses each address as that item, and reaches none', async () => {
  const client = grpcClient('clip.v1.Clip', server.target);
  const { results } = await unary<Reply>(client, 'Encode', { items: addresses.map((imageUri) => ({ imageUri })) });
  client.close();
  expect(results.map(({ error }) => error?.code)).toEqual(addresses.map(() => 'fetch_refused'));
  expect(inner.connections()).toBe(0);
});

it('POST /v1/embeddings and POST /post refuse each address, and reach none', async () => {
  for (const uri of addresses) {
    const modern = await postJson(server.http('/v1/embeddings'), { input: [{ image: uri }] });
    expect(modern.json<{ error: { code: string } }>().error.code, uri).toBe('fetch_refused');
    const compatible = await postJson(server.http('/post'), { data: [{ uri }], execEndpoint: '/encode' });
    expect(compatible.text, uri).not.toContain('embedding":[');
  }
  expect(inner.connections()).toBe(0);
});

it('jina.JinaRPC/Call refuses each address, and reaches none', async () => {
  const client = grpcClient('jina.JinaRPC', server.target);
  const requests = addresses.map((uri, at) => dataMessage(`r${at}`, [{ id: `${at}`, uri }]));
  const answers = await exchange(duplex<DataMessage, DataMessage>(client, 'Call'), requests);
  client.close();
  expect(answers).toHaveLength(addresses.length);
  for (const { header } of answers) expect(header.status?.code).toBe('ERROR');
  expect(inner.connections()).toBe(0);
});
