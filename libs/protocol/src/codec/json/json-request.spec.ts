import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import type { DocumentRequest } from '#serving';
import { jsonBytes } from '../../testing/json.js';
import {
  DOCUMENTS_MAX,
  JSON_ENVELOPE_FIELDS_MAX,
  JSON_FIELD_BYTES_MAX,
  JSON_FIELD_PARTS_MAX,
} from '../codec-limits.js';
import { readJsonRequest, type JsonRequestDefaults, RequestShapeError } from '../index.js';

const receivedAtMs = 5;

async function decodeJsonRequest(bytes: Buffer, defaults: JsonRequestDefaults): Promise<DocumentRequest> {
  const { count, byteLength, open, hasJinaForm: _, ...head } = await readJsonRequest(bytes, defaults);
  const documents = await open();
  expect([count, byteLength]).toEqual([documents.length, bytes.length]);
  return { ...head, documents };
}

function decode(body: unknown): Promise<DocumentRequest> {
  return decodeJsonRequest(jsonBytes(body), { receivedAtMs });
}

const problemOf = (body: unknown): Promise<unknown> => problemOfText(JSON.stringify(body));

async function problemOfText(text: string): Promise<unknown> {
  try {
    await decodeJsonRequest(Buffer.from(text), { receivedAtMs });
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
  it('reads what the Python client sends', async () => {
    expect(await decode(clientBody)).toEqual({
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
    async (body) => {
      expect(await decode(body)).toMatchObject({ endpoint: '/', documents: [], parameters: {}, hasParameters: false });
    },
  );

  it('takes camel case and the docs form, and fills in what a body leaves out', async () => {
    const body = { execEndpoint: '/encode', targetExecutor: 'x', data: { docs: [{ text: 'a' }] } };
    expect(await decode(body)).toMatchObject({ endpoint: '/encode', targetExecutor: 'x', documents: [{ text: 'a' }] });
    const defaults = { endpoint: '/index', requestId: 'made', receivedAtMs };
    expect(await decodeJsonRequest(jsonBytes({}), defaults)).toMatchObject({ endpoint: '/index', requestId: 'made' });
  });

  it('keeps fields of a document that it does not know', async () => {
    const { documents } = await decode({ data: [{ text: 'a', later: { x: [1] }, gone: null }] });
    const [document] = documents;
    expect(document).toEqual({ text: 'a', unknown: { json: { later: { x: [1] } } } });
  });

  it.each(['_-8=', '_-8', '/+8=', '/+8', '/+\n8='])('reads base64 %j', async (blob) => {
    expect((await decode({ data: [{ blob }] })).documents[0]?.blob).toEqual(Buffer.from([0xff, 0xef]));
  });

  it('reads pixels as bytes, other whole numbers as int64 and the rest as float64', async () => {
    const of = async (fields: object) => (await decode({ data: [fields] })).documents[0];
    const document = await of({ tensor: [[[0, 255, 7]]], embedding: [0.5, 1] });
    expect(document?.tensor?.dense).toEqual({ buffer: Uint8Array.of(0, 255, 7), dtype: '|u1', shape: [1, 1, 3] });
    expect(document?.embedding?.dense).toMatchObject({ dtype: '<f8', shape: [2] });
    expect((await of({ tensor: [-1] }))?.tensor?.dense).toMatchObject({ dtype: '<i8' });
    expect((await of({ tensor: [[], []] }))?.tensor?.dense).toMatchObject({ shape: [2, 0] });
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
  ])('tells the place of %j', async (body, loc, msg, type) => {
    expect(await problemOf(body)).toEqual({ loc, msg, type });
  });

  it('names the document of a bad base64 in the public text', async () => {
    await expect(decode({ data: [{}, { blob: 'abc=d' }] })).rejects.toThrow(
      'body.data.1.blob: value is not valid base64',
    );
  });

  it.each([[[[1], [2, 3]]], [[[1], 2]], [[[], 5]], [[1, 'x']], [[null]], ['x'], [[[], [[]]]]])(
    'refuses %j as an array',
    async (tensor) => {
      expect(await problemOf({ data: [{ tensor }] })).toMatchObject({ type: 'type_error.array' });
    },
  );

  it.each([-1, 1.5, 2 ** 32])('refuses %d as a granularity', async (granularity) => {
    expect(await problemOf({ data: [{ granularity }] })).toMatchObject({ type: 'type_error.integer' });
  });

  it('refuses a lone surrogate, which no protobuf answer could carry', async () => {
    expect(await problemOf({ data: [{ text: '\ud8da' }] })).toMatchObject({ type: 'value_error.str' });
    expect(await problemOf({ data: [{ tags: { a: ['\ud8da'] } }] })).toMatchObject({ type: 'value_error.str' });
  });

  it('refuses what is nested too deep to follow', async () => {
    const lists = `${'['.repeat(200)}${']'.repeat(200)}`;
    const chunks = `${'[{"chunks":'.repeat(105)}[]${'}]'.repeat(105)}`;
    expect(await problemOfText(`{"data":[{"tags":{"a":${lists}}}]}`)).toMatchObject({ type: 'value_error' });
    expect(await problemOfText(`{"data":${chunks}}`)).toMatchObject({ type: 'value_error' });
    expect(await problemOfText(`{"data":[{"tensor":${lists}}]}`)).toMatchObject({ type: 'type_error.array' });
    const far = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(await problemOfText(`{"data":[],"unknown":${far}}`)).toMatchObject({ type: 'value_error' });
  });

  it.each([
    '',
    '{',
    '{"data":',
    '{"data":[}',
    '{"data":[{"text":"a"}',
    '{"data":[{"text":"a",}]}',
    '{"data":[{"text" "a"}]}',
    '{"data":[{"text":"a"} {}]}',
    '{"data":[{"text":"\\x"}]}',
    '{"data":[{"text":"a\nb"}]}',
    '{"data":[{"uri":"\\u12"}]}',
    '{"data":[{"weight":01}]}',
    '{"data":[{"weight":nope}]}',
    "{'data':[]}",
    '{"data":[]}x',
    '{"data":[]}{}',
    '{data:[]}',
  ])('refuses %j, which is no JSON', async (text) => {
    expect(await problemOfText(text)).toMatchObject({ loc: ['body'] });
  });
});

describe('a JSON body within its bounds', () => {
  const codeOf = async (text: string): Promise<unknown> => {
    try {
      await decodeJsonRequest(Buffer.from(text), { receivedAtMs });
    } catch (thrown) {
      return thrown instanceof RequestShapeError ? 'shape' : DomainError.from(thrown).code;
    }
    return 'read';
  };
  const listOf = (value: string, count: number): string => `[${Array<string>(count).fill(value).join(',')}]`;

  it('may have so many keys and values in one field, and not one more', async () => {
    expect(await codeOf(`{"parameters":{"a":${listOf('0', JSON_FIELD_PARTS_MAX - 3)}}}`)).toBe('read');
    expect(await codeOf(`{"parameters":{"a":${listOf('0', JSON_FIELD_PARTS_MAX)}}}`)).toBe('request_too_large');
  });

  it('may have so many in all, and not one more', async () => {
    const tags = `{"tags":{"a":${listOf('0', JSON_FIELD_PARTS_MAX - 10)}}}`;
    expect(await codeOf(`{"data":${listOf(tags, 9)}}`)).toBe('read');
    expect(await codeOf(`{"data":${listOf(tags, 11)}}`)).toBe('request_too_large');
  });

  it('may have so many documents, matches too, and not one more', async () => {
    expect(await codeOf(`{"data":[{"matches":${listOf('{}', DOCUMENTS_MAX - 1)}}]}`)).toBe('read');
    expect(await codeOf(`{"data":[{"matches":${listOf('{}', DOCUMENTS_MAX)}}]}`)).toBe('request_too_large');
  });

  it('may have so many fields, and not one more', async () => {
    const fields = (count: number): string => `{${Array.from({ length: count }, (_, at) => `"f${at}":0`).join(',')}}`;
    expect(await codeOf(fields(JSON_ENVELOPE_FIELDS_MAX))).toBe('read');
    expect(await codeOf(fields(JSON_ENVELOPE_FIELDS_MAX + 1))).toBe('request_too_large');
  });

  it('may have texts of a few megabytes and pictures of any size', async () => {
    const long = 'AAAA'.repeat(JSON_FIELD_BYTES_MAX / 4);
    expect(await codeOf(`{"data":[{"text":"${long.slice(4)}"}]}`)).toBe('read');
    expect(await codeOf(`{"data":[{"text":"${long}"}]}`)).toBe('request_too_large');
    expect(await codeOf(`{"data":[{"blob":"${long}","uri":"data:,${long}"}]}`)).toBe('read');
  });

  it('may spell its pictures with escapes and line breaks, wherever a piece of them ends', async () => {
    const blob = Buffer.alloc(3 * 1024 * 1024, 0xff);
    const text = blob
      .toString('base64')
      .replaceAll('/', '\\/')
      .replace(/.{100}/g, '$&\\n');
    const { documents } = await decodeJsonRequest(Buffer.from(`{"data":[{"blob":"${text}"}]}`), { receivedAtMs });
    expect(blob.equals(documents[0]?.blob ?? Buffer.alloc(0))).toBe(true);
  });

  it('may have long addresses of letters from everywhere, escaped or not', async () => {
    const uri = 'a日🐈\\"\n'.repeat(400_000);
    const escaped = uri.replaceAll('🐈', '\\ud83d\\udc08');
    for (const text of [uri, escaped]) {
      const json = `{"data":[{"uri":${JSON.stringify(text).replaceAll('\\\\ud', '\\ud')}}]}`;
      const { documents } = await decodeJsonRequest(Buffer.from(json), { receivedAtMs });
      expect(documents[0]?.uri === uri).toBe(true);
    }
  });
});

describe('readJsonRequest', () => {
  const read = (body: unknown) => readJsonRequest(jsonBytes(body), { receivedAtMs });

  it('knows the form of the Python client', async () => {
    expect((await read(clientBody)).hasJinaForm).toBe(true);
    expect((await read({ data: [], execEndpoint: '/' })).hasJinaForm).toBe(false);
  });

  it.each([
    [{ data: [{}, {}] }, 2],
    [{ data: { docs: [{}, { chunks: [{}, {}] }, {}] } }, 3],
    [{ data: [] }, 0],
    [{}, 0],
  ])('counts the documents of %j before it makes any', async (body, count) => {
    expect((await read(body)).count).toBe(count);
  });
});
