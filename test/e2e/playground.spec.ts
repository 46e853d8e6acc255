import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../support/certificates.js';
import { startServer, type RunningServer } from '../support/server.js';
import { picture } from './support/fixtures.js';
import { call, postJson, type HttpAnswer } from './support/http-call.js';

const PASSWORD = 'tidal lantern forty-two';
const cat = picture('photo-cat.jpg').toString('base64');

/** Makes the first account, and is the headers of the browser in which it is logged in. */
async function browserOf(server: RunningServer, authority?: string): Promise<Record<string, string>> {
  const { setupUrl } = await server.logged((line) => typeof line['setupUrl'] === 'string');
  const body = { secret: String(setupUrl).split('#')[1], email: 'olga@example.com', name: 'Olga', password: PASSWORD };
  const answer = await call(server.admin('/api/setup'), {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    ...(authority === undefined ? {} : { authority }),
  });
  expect(answer.status, answer.text).toBe(201);
  const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  return { cookie, 'x-csrf-token': answer.json<{ csrfToken: string }>().csrfToken };
}

describe('the playground of a service that asks for tokens', () => {
  let server: RunningServer;
  let browser: Record<string, string>;
  beforeAll(async () => {
    server = await startServer({ env: { CAS_AUTH: 'required', OTEL_TRACES_SAMPLER: 'always_on' } });
    browser = await browserOf(server);
  });
  afterAll(() => server?.stop());

  const play = (operation: string, body: unknown): Promise<HttpAnswer> =>
    postJson(server.admin(`/api/playground/${operation}`), body, browser);

  it('embeds, ranks and explains in the name of who is logged in', async () => {
    const models = await call(server.admin('/api/playground/models'), { headers: browser });
    expect(models.json<{ data: { id: string }[] }>().data).toMatchObject([{ id: 'mini-clip', default: true }]);
    expect((await play('embed', { input: ['a cat', { image: cat }] })).json<{ data: unknown[] }>().data).toHaveLength(
      2,
    );
    const ranking = await play('rank', {
      query: { image: cat },
      candidates: ['a photo of a rocket', 'a photo of a cat'],
    });
    expect(ranking.json<{ results: { index: number }[] }>().results[0]?.index).toBe(1);
    const explained = await play('explain', { image: cat, texts: ['a photo of a cat'], grid: 3 });
    expect([explained.status, explained.json()]).toMatchObject([200, { grid: 3, usage: { items: 11 } }]);
    expect(explained.headers['server-timing']).toMatch(/queue;dur=.*run;dur=/);

    const { tokens } = (await call(server.admin('/api/tokens'), { headers: browser })).json<{
      tokens: { id: string; purpose: string | null; name: string }[];
    }>();
    expect(tokens).toMatchObject([{ name: 'Playground', purpose: 'playground' }]);
  });

  it('leaves a trace that its request id leads to, and counts as use of the account', async () => {
    const answer = await play('embed', { input: 'a dog' });
    const id = String(answer.headers['x-request-id']);
    expect(answer.headers['traceresponse']).toMatch(/^00-[0-9a-f]{32}-/);
    const trace = await call(server.admin(`/api/traces/${id}`), { headers: browser });
    expect([trace.status, trace.text]).toEqual([200, expect.stringContaining('mini-clip')]);
  });

  it('passes on what the inference API refuses', async () => {
    const answer = await play('embed', { input: [] });
    expect([answer.status, answer.json()]).toMatchObject([422, { error: { code: 'invalid_argument' } }]);
  });

  it('ends the call when the page is left', async () => {
    const left = server.logged((line) => line['request'] === 'POST /v1/explain' && line['outcome'] === 'cancelled');
    const headers = { ...browser, 'content-type': 'application/json' };
    const req = httpRequest(server.admin('/api/playground/explain'), { method: 'POST', headers });
    req.once('error', () => undefined);
    req.end(JSON.stringify({ image: cat, texts: ['a cat'], grid: 14 }));
    await expect
      .poll(async () => (await call(server.ops('/metrics'))).text, { timeout: 20_000 })
      .toMatch(/^clip_requests_running\S* [1-9]/m);
    req.destroy();
    await left;
  });
});

describe('the playground under TLS', () => {
  it('trusts the certificate of its own service by its bytes', async () => {
    const tls = makeServerCertificate();
    try {
      await using server = await startServer({ tls });
      const headers = { ...(await browserOf(server, tls.authority)), 'content-type': 'application/json' };
      const body = JSON.stringify({ input: 'a cat' });
      const embed = () => call(server.admin('/api/playground/embed'), { body, headers, authority: tls.authority });
      expect((await embed()).status).toBe(200);
    } finally {
      tls.remove();
    }
  });

  it('says what to set where clients need a certificate', async () => {
    const tls = makeServerCertificate();
    try {
      await using server = await startServer({ tls, env: { CAS_TLS_CLIENT_CA: tls.authorityFile } });
      const headers = await browserOf(server, tls.authority);
      const answer = await call(server.admin('/api/playground'), { headers, authority: tls.authority });
      expect(answer.json()).toMatchObject({
        inferenceUrl: null,
        problem: expect.stringContaining('CAS_INFERENCE_URL'),
      });
    } finally {
      tls.remove();
    }
  });
});

describe('the playground of an admin app alone', () => {
  it('says what to set, and calls the service that is set', async () => {
    await using serving = await startServer({ env: { CAS_AUTH: 'required' } });
    const shared = { CAS_DATA_DIR: serving.dataDir };
    const headers = await browserOf(serving);
    await using unset = await startServer({ app: 'admin', env: shared });
    const status = await call(unset.admin('/api/playground'), { headers });
    expect(status.json()).toMatchObject({ problem: expect.stringContaining('Set CAS_INFERENCE_URL') });

    const url = serving.http('').replace(/\/$/, '');
    await using set = await startServer({ app: 'admin', env: { ...shared, CAS_INFERENCE_URL: url } });
    expect((await call(set.admin('/api/playground'), { headers })).json()).toMatchObject({ inferenceUrl: url });
    expect((await postJson(set.admin('/api/playground/embed'), { input: 'a cat' }, headers)).status).toBe(200);
  });
});
