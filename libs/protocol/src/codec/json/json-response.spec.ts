import { describe, expect, it } from 'vitest';
import type { Document } from '#core';
import type { DocumentResponse } from '#serving';
import { joined, jsonBytes } from '../../testing/json.js';
import { readJsonRequest, encodeHttpJinaResponse, encodeHttpResponse, encodeWebSocketResponse } from '../index.js';

const receivedAtMs = Date.parse('2026-11-24T00:31:27Z') + 703.522;

function responseWith(...documents: Document[]): DocumentResponse {
  return {
    requestId: 'abeb',
    endpoint: '/encode',
    parameters: { drop_image_content: true, limit: 3 },
    hasParameters: true,
    routes: [
      { executor: 'gateway', startTimeMs: receivedAtMs, endTimeMs: receivedAtMs + 144.142 },
      { executor: 'clip', startTimeMs: receivedAtMs + 0.26, endTimeMs: receivedAtMs + 143.869 },
    ],
    documents,
  };
}

function failed(response: DocumentResponse): DocumentResponse {
  const exception = { name: 'ValueError', args: ['no data'], stacks: [], executor: 'CLIPEncoder' };
  return { ...response, status: { code: 'ERROR', description: "ValueError('no data')", exception } };
}

function float32(...values: number[]): Document['embedding'] & object {
  const buffer = Buffer.from(Float32Array.from(values).buffer);
  return { dense: { buffer, dtype: '<f4', shape: [values.length] }, className: 'numpy' };
}

const encoded: Document = {
  id: 'bf41',
  text: 'hello world',
  mimeType: 'text/plain',
  embedding: float32(-0.5433416366577148, -1.120450735092163, 2, -0),
};

describe('encodeHttpResponse', () => {
  it('is what the Python gateway answers', () => {
    expect(joined(encodeHttpResponse(responseWith(encoded)))).toBe(
      '{"header":{"requestId":"abeb","status":null,"execEndpoint":"/encode","targetExecutor":""},' +
        '"parameters":{"drop_image_content":true,"limit":3.0},"routes":[' +
        '{"executor":"gateway","startTime":"2026-11-24T00:31:27.703522+00:00",' +
        '"endTime":"2026-11-24T00:31:27.847664+00:00","status":null},' +
        '{"executor":"clip","startTime":"2026-11-24T00:31:27.703782+00:00",' +
        '"endTime":"2026-11-24T00:31:27.847391+00:00","status":null}],' +
        '"data":[{"id":"bf41","parent_id":null,"granularity":null,"adjacency":null,"blob":null,"tensor":null,' +
        '"mime_type":"text/plain","text":"hello world","weight":null,"uri":null,"tags":null,"offset":null,' +
        '"location":null,"embedding":[-0.5433416366577148,-1.120450735092163,2.0,-0.0],"modality":null,' +
        '"evaluations":null,"scores":null,"chunks":null,"matches":null}]}',
    );
  });

  it('sends back every field of a document as it came, known or not', async () => {
    const document = {
      id: 'x1',
      parent_id: 'p',
      granularity: 1,
      adjacency: 2,
      blob: null,
      tensor: [[[0, 1, 2]], [[3, 4, 5]]],
      mime_type: 'image/png',
      text: null,
      weight: 0.5,
      uri: 'cap.png',
      tags: { c: [1, 2.5], b: 'z', n: null, d: { e: true } },
      offset: 1.5,
      location: [0.5, 2],
      embedding: [
        [0.5, 1],
        [-2, 1e300],
      ],
      modality: 'text',
      evaluations: { e: { value: 1, op_name: null, description: 'd', ref_id: 'r' } },
      scores: { s: { value: 0.597, op_name: 'softmax', description: null, ref_id: null } },
      chunks: [{ id: 'c1', tensor: [-1, 1_000_000] }],
      matches: [
        { id: 'm1', text: 'hi "there"\n🐈' },
        { id: 'm2', blob: 'AAEC' },
      ],
      later: { x: 1 },
      _metadata: { schema: 's' },
    };
    const request = await readJsonRequest(jsonBytes({ data: [document] }), { receivedAtMs });
    const documents = await request.open();
    const answer = JSON.parse(joined(encodeHttpResponse(responseWith(...documents))));
    const holding = (parts: object[]): unknown[] => parts.map((part): unknown => expect.objectContaining(part));
    const { chunks, matches } = document;
    expect(answer.data[0]).toEqual({ ...document, chunks: holding(chunks), matches: holding(matches) });
  });

  it('shows the tags of a document as floats, since Python takes a bare 1 for true', () => {
    expect(joined(encodeHttpResponse(responseWith({ tags: { a: 1 } })))).toContain('"tags":{"a":1.0}');
  });

  it('writes null for what JSON cannot say', () => {
    const answer = JSON.parse(
      joined(encodeHttpResponse(responseWith({ embedding: float32(NaN, Infinity), weight: NaN }))),
    );
    expect(answer.data[0]).toMatchObject({ embedding: [null, null], weight: null });
  });

  it('tells a failure with a number for the code', () => {
    const answer = JSON.parse(joined(encodeHttpResponse(failed(responseWith()))));
    expect(answer.header.status).toMatchObject({ code: 1, description: "ValueError('no data')" });
    expect(answer.header.status.exception).toMatchObject({ name: 'ValueError', stacks: [] });
  });
});

describe('encodeWebSocketResponse', () => {
  it('has snake case and no null in the envelope', () => {
    const answer = joined(encodeWebSocketResponse(responseWith(encoded)));
    expect(answer).toContain('{"header":{"request_id":"abeb","exec_endpoint":"/encode","target_executor":""},');
    expect(answer).toContain('"start_time":"2026-11-24T00:31:27.703522Z"');
    expect(JSON.parse(answer).data[0]).toMatchObject({ id: 'bf41', blob: null });
  });
});

describe('encodeHttpJinaResponse', () => {
  function read(response: DocumentResponse) {
    const text: unknown = JSON.parse(joined(encodeHttpJinaResponse(response)));
    if (typeof text !== 'string') throw new Error('The answer is no JSON string.');
    return { text, message: JSON.parse(text) };
  }

  it('is a JSON string of proto3 JSON', () => {
    const { message } = read(responseWith(encoded));
    expect(message.header).toEqual({ request_id: 'abeb', exec_endpoint: '/encode', target_executor: '' });
    expect(message.routes[0].start_time).toBe('2026-11-24T00:31:27.703522Z');
    expect(message.data.docs.docs).toEqual([
      {
        id: 'bf41',
        text: 'hello world',
        mime_type: 'text/plain',
        embedding: { dense: { buffer: 'cBgLv+5qj78AAABAAAAAgA==', shape: [4], dtype: '<f4' }, cls_name: 'numpy' },
      },
    ]);
  });

  it('holds the letters "data" nowhere, whatever the documents say', () => {
    const blob = Buffer.from('datadata', 'base64');
    const documents = [
      { id: 'data', text: '\u001data \\data "data" data:,' },
      { id: 'b', blob, tags: { data: ['dataset'] } },
    ];
    const { text, message } = read(failed(responseWith(...documents)));
    expect(text).not.toContain('data');
    expect(message.data.docs.docs).toEqual([documents[0], { id: 'b', blob: 'datadata', tags: { data: ['dataset'] } }]);
    expect(message.header.status.exception.args).toEqual(['no data']);
  });

  it('sends one content and floats that fit', () => {
    const tensor = { dense: { buffer: Uint8Array.of(1), dtype: '|u1', shape: [1] } };
    const document = { id: 'x', text: 'a', blob: Buffer.from('b'), tensor, weight: 1e300, offset: 0.1 };
    const { message } = read(responseWith(document));
    expect(message.data.docs.docs).toEqual([{ id: 'x', text: 'a', weight: 'Infinity', offset: Math.fround(0.1) }]);
  });

  it('leaves parameters out when the caller sent none', () => {
    expect(read({ ...responseWith(), hasParameters: false }).message).not.toHaveProperty('parameters');
  });
});
