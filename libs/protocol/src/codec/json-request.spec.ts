import { describe, expect, it } from 'vitest';
import { decodeJsonRequest, isJinaClient, RequestShapeError } from './index.js';

const receivedAtMs = 5;

function decode(body: unknown): ReturnType<typeof decodeJsonRequest> {
  return decodeJsonRequest(body, { receivedAtMs });
}

function problemOf(body: unknown): unknown {
  try {
    decode(body);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(RequestShapeError);
    expect(thrown).toMatchObject({ code: 'invalid_argument' });
    return thrown instanceof RequestShapeError ? thrown.detail[0] : undefined;
  }
  return undefined;
}

/** A document as docarray's `to_dict` writes it. */
const unset = {
  id: null,
  parent_id: null,
  granularity: null,
  adjacency: null,
  blob: null,
  tensor: null,
  mime_type: null,
  text: null,
  weight: null,
  uri: null,
  tags: null,
  offset: null,
  location: null,
  embedding: null,
  modality: null,
  evaluations: null,
  scores: null,
  chunks: null,
  matches: null,
};

const clientBody = {
  header: { request_id: '8d08', exec_endpoint: '/rank' },
  parameters: { drop_image_content: true },
  data: [
    {
      ...unset,
      id: 'q',
      text: 'cat',
      tags: { c: [1, 2], b: null },
      matches: [{ ...unset, id: 'm1', adjacency: 1, blob: 'dGhpcyBpcyBub3QgYW4gaW1hZ2U=' }],
    },
  ],
  exec_endpoint: '/rank',
  target_executor: 'clip_o',
};

describe('decodeJsonRequest', () => {
  it('reads what the Python client sends', () => {
    expect(decode(clientBody)).toEqual({
      requestId: '8d08',
      endpoint: '/rank',
      targetExecutor: 'clip_o',
      parameters: { drop_image_content: true },
      hasParameters: true,
      documents: [
        {
          id: 'q',
          text: 'cat',
          tags: { c: [1, 2], b: null },
          matches: [{ id: 'm1', adjacency: 1, blob: Buffer.from('this is not an image') }],
        },
      ],
      receivedAtMs,
    });
  });

  it.each([{}, { data: null }, { data: [] }, { data: { docs: [] } }, { data: { docs: null } }, { surprise: 1 }])(
    'takes %j as a request without documents for /',
    (body) => {
      expect(decode(body)).toMatchObject({ endpoint: '/', documents: [], parameters: {}, hasParameters: false });
    },
  );

  it('takes camel case and the docs form, and fills in what a body leaves out', () => {
    const body = { execEndpoint: '/encode', targetExecutor: 'x', data: { docs: [{ text: 'a' }] } };
    expect(decode(body)).toMatchObject({ endpoint: '/encode', targetExecutor: 'x', documents: [{ text: 'a' }] });
    const defaults = { endpoint: '/index', requestId: 'made', receivedAtMs };
    expect(decodeJsonRequest({}, defaults)).toMatchObject({ endpoint: '/index', requestId: 'made' });
  });

  it('keeps fields of a document that it does not know', () => {
    const [document] = decode({ data: [{ text: 'a', later: { x: [1] }, gone: null }] }).documents;
    expect(document).toEqual({ text: 'a', unknown: { json: { later: { x: [1] } } } });
  });

  it.each(['_-8=', '_-8', '/+8=', '/+8', '/+\n8='])('reads base64 %j', (blob) => {
    expect(decode({ data: [{ blob }] }).documents[0]?.blob).toEqual(Buffer.from([0xff, 0xef]));
  });

  it('reads pixels as bytes, other whole numbers as int64 and the rest as float64', () => {
    const [document] = decode({ data: [{ tensor: [[[0, 255, 7]]], embedding: [0.5, 1] }] }).documents;
    expect(document?.tensor?.dense).toEqual({ buffer: Uint8Array.of(0, 255, 7), dtype: '|u1', shape: [1, 1, 3] });
    expect(document?.embedding?.dense).toMatchObject({ dtype: '<f8', shape: [2] });
    expect(decode({ data: [{ tensor: [-1] }] }).documents[0]?.tensor?.dense).toMatchObject({ dtype: '<i8' });
    expect(decode({ data: [{ tensor: [[], []] }] }).documents[0]?.tensor?.dense).toMatchObject({ shape: [2, 0] });
  });
});

describe('decodeJsonRequest of a wrong shape', () => {
  it.each([
    [[], ['body'], 'value is not a valid dict', 'type_error.dict'],
    [{ data: 'x' }, ['body', 'data'], 'value is not a valid list', 'type_error.list'],
    [{ data: {} }, ['body', 'data', 'docs'], 'value is not a valid list', 'type_error.list'],
    [{ data: ['x'] }, ['body', 'data', 0], 'value is not a valid dict', 'type_error.dict'],
    [{ data: [{}, { text: [] }] }, ['body', 'data', 1, 'text'], 'str type expected', 'type_error.str'],
    [{ data: [{ weight: 'x' }] }, ['body', 'data', 0, 'weight'], 'value is not a valid float', 'type_error.float'],
    [{ parameters: 3 }, ['body', 'parameters'], 'value is not a valid dict', 'type_error.dict'],
    [{ execEndpoint: {} }, ['body', 'execEndpoint'], 'str type expected', 'type_error.str'],
    [{ data: [{ blob: '!' }] }, ['body', 'data', 0, 'blob'], 'value is not valid base64', 'value_error.base64'],
  ])('tells the place of %j', (body, loc, msg, type) => {
    expect(problemOf(body)).toEqual({ loc, msg, type });
  });

  it('names the document of a bad base64 in the public text', () => {
    expect(() => decode({ data: [{}, { blob: 'abc=d' }] })).toThrow('body.data.1.blob: value is not valid base64');
  });

  it.each([[[[1], [2, 3]]], [[[1], 2]], [[[], 5]], [[1, 'x']], [[null]], ['x'], [[[], [[]]]]])(
    'refuses %j as an array',
    (tensor) => {
      expect(problemOf({ data: [{ tensor }] })).toMatchObject({ type: 'type_error.array' });
    },
  );

  it.each([-1, 1.5, 2 ** 32])('refuses %d as a granularity', (granularity) => {
    expect(problemOf({ data: [{ granularity }] })).toMatchObject({ type: 'type_error.integer' });
  });

  it('refuses a lone surrogate, which no protobuf answer could carry', () => {
    expect(problemOf({ data: [{ text: '\ud8da' }] })).toMatchObject({ type: 'value_error.str' });
    expect(problemOf({ data: [{ tags: { a: ['\ud8da'] } }] })).toMatchObject({ type: 'value_error.str' });
  });

  it('refuses what is nested too deep to follow', () => {
    const tags: unknown = JSON.parse(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    const chunks: unknown = JSON.parse(`${'[{"chunks":'.repeat(5000)}[]${'}]'.repeat(5000)}`);
    const tensor: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
    expect(problemOf({ data: [{ tags }] })).toMatchObject({ type: 'value_error' });
    expect(problemOf({ data: chunks })).toMatchObject({ type: 'value_error' });
    expect(problemOf({ data: [{ tensor }] })).toMatchObject({ type: 'type_error.array' });
  });
});

describe('isJinaClient', () => {
  const headers = { 'user-agent': 'Python/3.10 aiohttp/3.14.5' };

  it('knows the Python client and no one else', () => {
    expect(isJinaClient(headers, clientBody)).toBe(true);
    expect(isJinaClient({ 'user-agent': 'curl/8' }, clientBody)).toBe(false);
    expect(isJinaClient({}, clientBody)).toBe(false);
    expect(isJinaClient(headers, { data: [], execEndpoint: '/' })).toBe(false);
    expect(isJinaClient(headers, [])).toBe(false);
  });
});
