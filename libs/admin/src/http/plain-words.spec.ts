import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

/** Words of validation libraries, which name rules instead of saying what to send. */
const VALIDATOR_SPEECH =
  /should not exist|shorter than|longer than|must be an? (string|integer|boolean|number|array)|each value|conforming|nested property|the following values|undefined|valid ISO/;

const OUR_WORDS = /^(\S+ must be .+\.|The request has no field "\S+"\. (Did you mean "\S+"\?|Known are .+\.))$/;

describe('every body and query of the admin API', () => {
  let admin: AdminUnderTest;
  let headers: Record<string, string>;
  let operations: { method: Method; path: string; body: Schema | undefined; queries: Record<string, Schema> }[];
  let schemas: Record<string, Schema>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    headers = await admin.browserOf(await admin.account('olga', 'owner'));
    const { paths, components } = (await admin.call('GET', '/openapi.json')).json;
    schemas = components.schemas;
    operations = operationsOf(paths);
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const resolved = (schema: Schema): Schema => {
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
    return ref === undefined ? schema : (schemas[ref.split('/').at(-1) ?? ''] ?? {});
  };

  async function refusal(method: Method, path: string, body: unknown): Promise<string> {
    const answer = await admin.call(method, path, { headers, ...(body === undefined ? {} : { body }) });
    expect(answer.status, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`).toBe(422);
    const { message } = answer.json.error;
    expect(message).not.toMatch(VALIDATOR_SPEECH);
    return message;
  }

  it('names a field that it does not have, and what was probably meant or all that it has', async () => {
    // What the playground gets is passed on to the inference API, which says what is wrong with it.
    const bodies = operations.filter(({ path, body }) => body !== undefined && !path.startsWith('/api/playground/'));
    expect(bodies.length).toBeGreaterThan(8);
    for (const { method, path } of bodies) {
      const message = await refusal(method, path, { nosuchfield: 1 });
      expect(message).toContain('The request has no field "nosuchfield". Known are ');
    }
    const queries = operations.filter((operation) => Object.keys(operation.queries).length > 0);
    expect(queries.length).toBeGreaterThan(3);
    for (const { method, path } of queries) {
      expect(await refusal(method, `${path}?nosuchfield=1`, undefined)).toMatch(OUR_WORDS);
    }
  });

  it('names each field of the wrong type and says what it must be', async () => {
    for (const { method, path, body } of operations) {
      for (const [name, schema] of Object.entries(resolved(body ?? {}).properties ?? {})) {
        const message = await refusal(method, path, { [name]: wrongFor(resolved(schema)) });
        const sentence = message.split(/(?<=\.) /).find((part) => part.startsWith(name));
        expect(sentence, message).toMatch(OUR_WORDS);
      }
    }
  });

  it('names each value of a query that cannot be read', async () => {
    for (const { method, path, queries } of operations) {
      for (const [name, schema] of Object.entries(queries)) {
        const isText = schema.type === 'string' && schema.enum === undefined;
        const value = isText ? 'x'.repeat(1001) : 'nonsense';
        if (name === 'owner') continue; // any text
        const message = await refusal(method, `${path}?${name}=${value}`, undefined);
        expect(message).toMatch(new RegExp(`(^| )${name} must be `));
        expect(message).not.toContain(value);
      }
    }
  });

  it.each([
    [
      { models: [{ name: 'm', replicas: 1, device: 'cpu', isDefault: true }] },
      'models[0] has no field "device". Did you mean "devices"? models[0].devices must be a list of at most 64 texts; it is missing.',
    ],
    [
      { models: [{ name: 'm', replicas: 'two', devices: ['cpu'], isDefault: true }] },
      'models[0].replicas must be a whole number.',
    ],
    [{ models: [5] }, 'models[0] must be an object.'],
    [
      { modles: [] },
      'The request has no field "modles". Did you mean "models"? models must be a list of at most 64 objects; it is missing.',
    ],
    [{ models: [], basedOn: 0 }, 'basedOn must be a whole number, 1 or more.'],
    [[], 'The request must be an object.'],
  ])('says where in it: %j', async (body, message) => {
    expect(await refusal('POST', '/api/models/plan', body)).toBe(message);
  });

  it.each([
    [{ name: 'a', expiresInDays: 1, scopes: ['encode:all'] }, 'scopes must be a list of some of'],
    [
      { name: 'a', expiresInDays: 0 },
      'expiresInDays must be a whole number of days from 1 to 3650, or null for never.',
    ],
    [
      { name: 'a', expiresInDays: 1, limits: { itemsPerMonth: 5 } },
      'limits has no field "itemsPerMonth". Known are requestsPerMinute, itemsPerDay, itemsInFlight.',
    ],
    [{ name: 'x'.repeat(201), expiresInDays: 1 }, 'name must be a text of at most 200 characters.'],
  ])('says what is allowed: %j', async (body, message) => {
    expect(await refusal('POST', '/api/tokens', body)).toContain(message);
  });

  it('tells of five fields at most, and cuts a long name', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}${'x'.repeat(500)}`, 1]));
    const message = await refusal('POST', '/api/session', many);
    expect(message.match(/has no field/g)).toHaveLength(5);
    expect(message.length).toBeLessThan(800);
  });
});

function wrongFor({ type, enum: words }: Schema): unknown {
  if (words !== undefined) return 'nonsense';
  return type === 'object' || type === undefined ? 5 : type === 'array' ? 5 : { nonsense: true };
}

function operationsOf(paths: Record<string, Record<string, Record<string, unknown>>>) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { requestBody, parameters = [] } = operation as {
        requestBody?: { content: Record<string, { schema: Schema }> };
        parameters?: { in: string; name: string; schema: Schema }[];
      };
      return {
        method: method.toUpperCase() as Method,
        path: path.replace(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000'),
        body: requestBody?.content['application/json']?.schema,
        queries: Object.fromEntries(parameters.flatMap((one) => (one.in === 'query' ? [[one.name, one.schema]] : []))),
      };
    }),
  );
}
