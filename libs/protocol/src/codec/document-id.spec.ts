import { describe, expect, it } from 'vitest';
import type { Document } from '#core';
import type { DocumentResponse } from '#serving';
import {
  encodeDataResponse,
  encodeHttpJinaResponse,
  encodeHttpResponse,
  encodeWebSocketResponse,
  readDataRequest,
} from './index.js';
import { joined } from '../testing/json.js';

/** How each answer is read by the one who gets it. */
const documentsIn: Record<string, (response: DocumentResponse) => Document[] | Promise<Document[]>> = {
  'over gRPC': async (response) => (await readDataRequest(await encodeDataResponse(response), 0)).open(),
  'over HTTP': (response) => JSON.parse(joined(encodeHttpResponse(response))).data,
  'to a jina client over HTTP': (response) =>
    JSON.parse(JSON.parse(joined(encodeHttpJinaResponse(response)))).data.docs.docs,
  'over WebSocket in JSON': (response) => JSON.parse(joined(encodeWebSocketResponse(response))).data,
};

async function answered(name: string, documents: Document[]): Promise<Document[]> {
  const parts = { requestId: 'r', endpoint: '/', parameters: {}, hasParameters: false, routes: [] };
  return (await documentsIn[name]?.({ ...parts, documents })) ?? [];
}

describe.each(Object.keys(documentsIn))('a document that came without an id and is answered %s', (name) => {
  it('has one of 32 hex digits, as its matches and chunks have', async () => {
    const bare = { text: 'a', chunks: [{ text: 'c' }], matches: [{ id: '', text: 'm' }] };
    const [document] = await answered(name, [bare]);
    for (const one of [document, document?.chunks?.[0], document?.matches?.[0]]) {
      expect(one?.id).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('has another one than its neighbour, and leaves theirs to those that have one', async () => {
    const documents = await answered(name, [{ text: 'a' }, { text: 'a' }, { id: 'mine', text: 'a' }]);
    const ids = documents.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe('mine');
  });
});
