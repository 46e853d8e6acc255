import { Describe, RED_SQUARE_BASE64 } from '../openapi/describe.js';
import { schemaNamed } from '../openapi/api-schema.js';
import { BODY_FAILURES } from '../openapi/failures.js';
import { LIMITS } from '../openapi/headers.js';

const encode = {
  data: [
    { id: 'a', text: 'a photo of a cat' },
    { id: 'b', blob: RED_SQUARE_BASE64 },
  ],
};
const rank = {
  data: [{ blob: RED_SQUARE_BASE64, matches: [{ text: 'a red square' }, { text: 'a blue square' }] }],
};

/** Describes a route that takes documents. `id` also says which examples it gets. */
export function DescribeDocuments(id: string, summary: string): MethodDecorator {
  return Describe({
    id,
    summary,
    description: 'A request that carries nothing to compute needs no token.',
    body: { schema: 'DocumentsRequest', examples: examplesFor(id) },
    answer: {
      description:
        'The documents with embeddings or scores; `header.status` tells why a request failed by what is in it',
      schema: {
        anyOf: [
          schemaNamed('DocumentsAnswer'),
          { type: 'string', description: 'For jina clients from 3.27: JSON of protobuf, as they expect it' },
        ],
      },
      headers: LIMITS,
    },
    fails: { as: 'DetailError', with: BODY_FAILURES },
  });
}

function examplesFor(id: string): Record<string, unknown> {
  if (id === 'postDocuments') {
    return { encode: { ...encode, exec_endpoint: '/encode' }, rank: { ...rank, exec_endpoint: '/rank' } };
  }
  return id.startsWith('rank') ? { rank } : { encode };
}
