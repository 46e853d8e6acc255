import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { KeptTraces, TraceWriter } from '#telemetry';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { buildBatch, buildTrace } from '../support/traces.js';
import { addressOf, ApiDocument, bodyExamples, type Operation } from './support/api-document.js';
import { call, type HttpAnswer, postJson } from './support/http-call.js';

/** As the examples of the admin API have it. */
const PASSWORD = 'tidal lantern forty-two';

/** Sends what the document gives as an example. */
function send(url: string, { method }: Operation, body: unknown, headers: Record<string, string>): Promise<HttpAnswer> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return call(url, { method, headers: { ...type, ...headers }, ...content });
}

let server: RunningServer;
let desk: TokenDesk;
let token: string;

beforeAll(async () => {
  desk = await TokenDesk.open();
  ({ token } = await desk.create());
  const env = {
    CAS_AUTH: 'required',
    CAS_REQUEST_BYTES_MAX: '64KiB',
    CAS_TRACE_RETENTION_HOURS: '1',
    CAS_REPLICAS: '2',
  };
  server = await startServer({ env: { ...desk.env, ...env } });
});

afterAll(async () => {
  await server?.stop();
  await desk?.[Symbol.asyncDispose]();
});

describe('the document of the inference API', () => {
  let document: ApiDocument;
  let headers: Record<string, string>;

  beforeAll(async () => {
    document = await ApiDocument.at(server.http('/openapi.json'));
    headers = { authorization: `Bearer ${token}` };
  });

  it('is OpenAPI', async () => {
    expect(await document.fault()).toBeUndefined();
    expect(document.json['openapi']).toBe('3.1.0');
  });

  it('gives every body an example that its schema lets through, and every example answers as described', async () => {
    for (const operation of document.operations()) {
      const examples = bodyExamples(operation);
      expect(examples.length, operation.name).toBeGreaterThan(0);
      for (const [name, body] of examples) {
        const { schema = {} } = operation.requestBody?.content['application/json'] ?? {};
        if (body !== undefined) expect(document.mismatch(schema, body), `${operation.name}, ${name}`).toBeUndefined();
        const answer = await send(server.http(addressOf(operation)), operation, body, headers);
        expect(answer.status, `${operation.name}, ${name}: ${answer.text.slice(0, 300)}`).toBe(200);
        expect(document.differences(operation, answer), `${operation.name}, ${name}`).toEqual([]);
        if (/documents/i.test(operation.operationId)) expect(answer.json()).toMatchObject({ header: { status: null } });
      }
    }
  });

  it('says of every route whether it needs a token', async () => {
    for (const operation of document.operations()) {
      const [[, body] = []] = bodyExamples(operation);
      const answer = await send(server.http(addressOf(operation)), operation, body, {});
      const isOpen = operation.security.length === 0;
      expect(answer.status, operation.name).toBe(isOpen ? 200 : 401);
      expect(document.differences(operation, answer), operation.name).toEqual([]);
    }
  });

  it('describes the answer to a token that may not', async () => {
    const { token: other } = await desk.create({ scopes: ['admin:*'] });
    for (const operation of document.operations()) {
      if (operation.security.length === 0) continue;
      const [[, body] = []] = bodyExamples(operation);
      const given = { authorization: `Bearer ${other}` };
      const answer = await send(server.http(addressOf(operation)), operation, body, given);
      expect(answer.status, operation.name).toBe(403);
      expect(document.differences(operation, answer), operation.name).toEqual([]);
    }
  });

  it.each([
    ['422', 'no JSON', '{'],
    ['422', 'no object', '[]'],
    ['422', 'a field of a wrong type', '{"input":5,"query":5,"candidates":5,"data":5}'],
    ['413', 'too many bytes', `{"input":"${'a'.repeat(70_000)}"}`],
  ])('describes the answer %s to a body with %s', async (status, _, body) => {
    for (const operation of document.operations()) {
      if (operation.requestBody === undefined) continue;
      const url = server.http(addressOf(operation));
      const answer = await call(url, { body, headers: { ...headers, 'content-type': 'application/json' } });
      expect(String(answer.status), `${operation.name}: ${answer.text.slice(0, 200)}`).toBe(status);
      expect(document.differences(operation, answer), operation.name).toEqual([]);
    }
  });

  it('describes the answers to another content type and to a path that cannot be decoded', async () => {
    for (const operation of document.operations()) {
      const { method, requestBody, path, name } = operation;
      if (requestBody) {
        const given = { ...headers, 'content-type': 'application/xml' };
        const answer = await call(server.http(addressOf(operation)), { method, headers: given, body: '<a/>' });
        expect(answer.status, name).toBe(415);
        expect(document.differences(operation, answer), name).toEqual([]);
      }
      if (path.includes('{model}')) {
        const answer = await call(server.http(path.replace('{model}', '%zz')), { method, headers });
        expect(answer.status, name).toBe(400);
        expect(document.differences(operation, answer), name).toEqual([]);
      }
    }
  });
});

describe('the document of the admin API', () => {
  let document: ApiDocument;
  let program: Record<string, string>;
  let password = PASSWORD;

  beforeAll(async () => {
    document = await ApiDocument.at(server.admin('/openapi.json'));
    const { token: admin } = await desk.create({ scopes: ['admin:*'] });
    program = { authorization: `Bearer ${admin}` };
  });

  /** The answer to an example, sent as the one that the document says may send it. */
  async function answerTo(
    operation: Operation,
    body: unknown,
    given: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    const [first] = operation.security;
    const headers = first === undefined ? {} : 'token' in first ? program : await browser();
    return send(server.admin(addressOf(operation, given)), operation, body, headers);
  }

  /** The headers of a browser in which the owner has just logged in. */
  async function browser(): Promise<Record<string, string>> {
    const answer = await postJson(server.admin('/api/session'), { email: 'ann@example.com', password });
    const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    return { cookie, 'x-csrf-token': answer.json<{ csrfToken: string }>().csrfToken };
  }

  let people = 0;
  async function invite(): Promise<{ account: { id: string }; link: { url: string } }> {
    const body = { email: `person-${++people}@example.com`, name: 'Person', role: 'member' };
    return (await postJson(server.admin('/api/accounts'), body, program)).json();
  }

  /** What only this service knows: an id of the kind that the path asks for, and the secret of a link. */
  async function idFor({ path }: Operation): Promise<string> {
    if (path.startsWith('/api/accounts/')) return (await invite()).account.id;
    if (path.startsWith('/api/tokens/')) return (await desk.create()).record.id;
    if (path.startsWith('/api/pods/')) return hostname();
    if (path.startsWith('/api/traces/')) return (await keptTrace()).traceId;
    if (path.startsWith('/api/batches/')) return (await keptTrace()).batchId;
    const others = await call(server.admin('/api/session/others'), { headers: await browser() });
    const { sessions } = others.json<{ sessions: { id: string; current: boolean }[] }>();
    return sessions.find(({ current }) => current)?.id ?? '';
  }

  async function aReplica(): Promise<string> {
    const { pools } = (await call(server.admin(`/api/pods/${hostname()}`), { headers: program })).json<{
      pools: { replicas: { name: string; state: string }[] }[] | null;
    }>();
    return pools?.[0]?.replicas.find(({ state }) => state === 'ready')?.name ?? '';
  }

  /** Writes a trace and its batch into the database, as any process of the service does. */
  async function keptTrace(): Promise<{ traceId: string; batchId: string }> {
    const writer = new TraceWriter({ store: new KeptTraces(desk.database), clock: systemClock });
    const trace = buildTrace({ startedAtMs: Date.now() });
    const batch = buildBatch([trace], { startedAtMs: Date.now() });
    writer.onTrace(trace);
    writer.onBatch(batch);
    await writer.stop();
    return { traceId: trace.traceId, batchId: batch.batchId };
  }

  async function withSecret({ path }: Operation, body: unknown): Promise<unknown> {
    if (path === '/api/links/accept') return { ...(body as object), secret: (await invite()).link.url.split('#')[1] };
    if (path !== '/api/setup' || body === undefined) return body;
    const { setupUrl } = await server.logged((line) => typeof line['setupUrl'] === 'string');
    return { ...(body as object), secret: String(setupUrl).split('#')[1] };
  }

  it('is OpenAPI', async () => {
    expect(await document.fault()).toBeUndefined();
    expect(document.json['openapi']).toBe('3.1.0');
  });

  it('gives every body an example that its schema lets through, and every example answers as described', async () => {
    for (const operation of inOrder(document.operations())) {
      const examples = bodyExamples(operation);
      expect(examples.length, operation.name).toBeGreaterThan(0);
      for (const [name, example] of examples) {
        const { schema = {} } = operation.requestBody?.content['application/json'] ?? {};
        if (example !== undefined)
          expect(document.mismatch(schema, example), `${operation.name}, ${name}`).toBeUndefined();
        const body = await withSecret(operation, example);
        if (isStream(operation)) continue;
        const id: Record<string, string> = operation.path.includes('{id}') ? { id: await idFor(operation) } : {};
        if (operation.path.includes('{replica}')) id['replica'] = await aReplica();
        if (operation.path === '/api/stored-requests') id['token'] = (await desk.create()).record.id;
        const answer = await answerTo(operation, body, id);
        // There is no download to cancel, nothing to compare the files of our own model with, and no stored request.
        const statusMax = /\/(cancel|verify|input|replay)$/.test(operation.path) ? 409 : 399;
        expect(answer.status, `${operation.name}, ${name}: ${answer.text.slice(0, 300)}`).toBeLessThanOrEqual(
          statusMax,
        );
        expect(document.differences(operation, answer), `${operation.name}, ${name}`).toEqual([]);
        if (operation.path === '/api/session/password') password = (body as { new: string }).new;
      }
    }
  });

  it('describes the answers to who may not, and to who is nobody', async () => {
    for (const operation of document.operations()) {
      if (operation.security.length === 0) continue;
      const [[, body] = []] = bodyExamples(operation);
      const url = server.admin(addressOf(operation));
      for (const [status, headers] of [
        [401, {}],
        [403, { authorization: `Bearer ${token}` }],
      ] as const) {
        const answer = await send(url, operation, body, headers);
        expect(answer.status, operation.name).toBe(status);
        expect(document.differences(operation, answer), operation.name).toEqual([]);
      }
    }
  });

  it.each([
    [422, 'application/json', '{'],
    [422, 'application/json', '[]'],
    [422, 'application/json', '{"surprise":1}'],
    [413, 'application/json', `{"name":"${'a'.repeat(70_000)}"}`],
    [415, 'application/xml', '<a/>'],
  ])('describes the answer %i to a body of %s: %.20s', async (status, type, body) => {
    const given = { ...(await browser()), 'content-type': type };
    for (const operation of document.operations()) {
      if (operation.requestBody === undefined) continue;
      const answer = await call(server.admin(addressOf(operation)), { method: operation.method, headers: given, body });
      expect(answer.status, `${operation.name}: ${answer.text}`).toBe(status);
      expect(document.differences(operation, answer), operation.name).toEqual([]);
    }
  });

  it.each([
    [404, '00000000-0000-4000-8000-000000000000'],
    [404, 'a'.repeat(200)],
    [404, 'a'.repeat(300)],
    [400, '%zz'],
  ])('describes the answer %i to the id %.40s', async (status, id) => {
    const headers = await browser();
    for (const operation of document.operations()) {
      if (!operation.path.includes('{id}') || !(status in operation.responses)) continue;
      const [[, body] = []] = bodyExamples(operation);
      const answer = await send(server.admin(operation.path.replace('{id}', id)), operation, body, headers);
      expect(answer.status, `${operation.name}: ${answer.text}`).toBe(status);
      expect(document.differences(operation, answer), operation.name).toEqual([]);
    }
  });
});

/** The set-up before everything, which it makes possible, and the end of what it made after everything. */
/** Its answer has no end. */
function isStream({ path }: Operation): boolean {
  return path === '/api/events';
}

function inOrder(operations: readonly Operation[]): Operation[] {
  const rank = ({ name }: Operation): number =>
    name === 'POST /api/setup' ? 0 : ['POST /api/session/password', 'DELETE /api/session'].includes(name) ? 2 : 1;
  return operations.toSorted((one, other) => rank(one) - rank(other));
}
