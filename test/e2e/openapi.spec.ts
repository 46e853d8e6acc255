import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { addressOf, ApiDocument, bodyExamples, type Operation } from './support/api-document.js';
import { call, type HttpAnswer } from './support/http-call.js';

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
  server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required', CAS_REQUEST_BYTES_MAX: '64KiB' } });
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
