import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonRequest } from '../codec/index.js';
import { FOREIGN_FIELDS, FOREIGN_RANK_FIELDS } from '../http/foreign-fields.js';
import { parseItem } from '../http/item-input.js';
import {
  ITEMS_OF_NO_CONTENT,
  ITEMS_WITH_OTHER_FIELDS,
  ITEMS_WITH_TWO_CONTENTS,
  READ_ITEMS,
} from '../testing/item-samples.js';
import { jsonBytes } from '../testing/json.js';
import { type RunningServer, startServer } from '../testing/running-server.js';
import { fitsSchema } from '../testing/schema-check.js';
import { RED_SQUARE, RED_SQUARE_BASE64 } from '../openapi/describe.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.app.close());

/** Whether the route reads such a body, and not whether it can be computed. */
async function isRead(path: string, body: unknown): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${server.port}${path}`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const { error } = (await answer.json()) as { error?: { code: string } };
  return error?.code !== 'invalid_argument';
}

/** Values of all kinds, for fields that hold one small value. */
const VALUES = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2,
  1.5,
  '',
  'a',
  'END',
  'Right',
  'float',
  'base64',
  'image',
  'text',
  [],
  {},
];

describe('the schema of an item', () => {
  it.each([...READ_ITEMS])('lets %j through, as the parser does', (value) => {
    expect(fitsSchema('Item', value)).toBe(true);
  });

  it.each([...ITEMS_WITH_TWO_CONTENTS, ...ITEMS_WITH_OTHER_FIELDS.map(([value]) => value), ...ITEMS_OF_NO_CONTENT])(
    'refuses %j, as the parser does',
    (value) => {
      expect(fitsSchema('Item', value)).toBe(false);
    },
  );

  it.each(['text', 'image', 'image_url', 'type', 'detail'])(
    'agrees with the parser on every value of %s',
    async (name) => {
      for (const value of [...VALUES, RED_SQUARE, { url: RED_SQUARE }, { url: null }, { url: '', detail: 5 }]) {
        for (const rest of [{}, { text: 'a' }, { text: '' }, { image: RED_SQUARE_BASE64 }, { image_url: RED_SQUARE }]) {
          // A plain word is the content of no image, which no schema can tell.
          if (name !== 'text' && typeof value === 'string' && !['', RED_SQUARE].includes(value) && name !== 'type')
            continue;
          const item = { ...rest, [name]: value };
          const read = await parseItem(item, 'input[0]', 'text').then(
            () => true,
            () => false,
          );
          expect(fitsSchema('Item', item), JSON.stringify(item)).toBe(read);
        }
      }
    },
  );
});

describe('the schema of /v1/embeddings', () => {
  const fields = [
    ...['model', 'encoding_format', 'dimensions', 'modality', 'normalize'],
    ...['embedding_type', 'output_dimension', 'normalized', 'extra', 'inputs'],
    ...FOREIGN_FIELDS.keys(),
  ];

  it.each(fields)('agrees with the route on every value of %s', async (name) => {
    const input = name === 'modality' ? RED_SQUARE : 'a';
    for (const value of VALUES) {
      // Only the served model has these names and numbers, and only a model tells which.
      if (name === 'model' && typeof value === 'string') continue;
      if (/dimension/.test(name) && value === 1) continue;
      const body = { input, [name]: value };
      expect(fitsSchema('EmbeddingsRequest', body), JSON.stringify(body)).toBe(await isRead('/v1/embeddings', body));
    }
  });

  it.each([
    null,
    '',
    [],
    5,
    true,
    {},
    [[1, 2]],
    [null],
    ['a', 5],
    'a',
    ['a'],
    ['', 'a'],
    [{ text: 'a' }],
    { text: 'a' },
  ])('agrees with the route on the input %j', async (input) => {
    expect(fitsSchema('EmbeddingsRequest', { input })).toBe(await isRead('/v1/embeddings', { input }));
  });

  it.each([null, [], 'a', 5, {}])('refuses the body %j, as the route does', async (body) => {
    expect([fitsSchema('EmbeddingsRequest', body), await isRead('/v1/embeddings', body)]).toEqual([false, false]);
  });
});

describe('the schema of /v1/rank', () => {
  it.each(['extra', 'documents', ...FOREIGN_RANK_FIELDS.keys()])(
    'agrees with the route on every value of %s',
    async (name) => {
      for (const value of VALUES) {
        const body = { query: 'a', candidates: ['b'], [name]: value };
        expect(fitsSchema('RankRequest', body), JSON.stringify(body)).toBe(await isRead('/v1/rank', body));
      }
    },
  );

  it.each([null, '', 'a', 5, {}, [], ['a'], { text: 'a' }, { image: RED_SQUARE }])(
    'agrees with the route on the query %j, and on it as candidates and as one of them',
    async (value) => {
      for (const body of [
        { query: value, candidates: ['a'] },
        { query: 'a', candidates: [value] },
        { query: 'a', candidates: ['a', value] },
      ]) {
        expect(fitsSchema('RankRequest', body), JSON.stringify(body)).toBe(await isRead('/v1/rank', body));
      }
    },
  );

  it.each([null, 'a', 5, {}, ['a']])('agrees with the route on the candidates %j', async (candidates) => {
    const body = { query: 'a', candidates };
    expect(fitsSchema('RankRequest', body)).toBe(await isRead('/v1/rank', body));
  });
});

describe('the schema of /v1/explain', () => {
  it.each(['grid', 'mode', 'square', 'extra', 'candidates'])(
    'agrees with the route on every value of %s',
    async (name) => {
      for (const value of [...VALUES, 3, 7, 14, 15, 3.5, 'cell', 'patch']) {
        const body = { image: RED_SQUARE, texts: ['a'], [name]: value };
        expect(fitsSchema('ExplainRequest', body), JSON.stringify(body)).toBe(await isRead('/v1/explain', body));
      }
    },
  );

  it.each([null, '', 5, {}, [], { text: 'a' }, RED_SQUARE, { image: RED_SQUARE }, { image_url: { url: RED_SQUARE } }])(
    'agrees with the route on the image %j',
    async (image) => {
      const body = { image, texts: ['a'] };
      expect(fitsSchema('ExplainRequest', body)).toBe(await isRead('/v1/explain', body));
    },
  );

  it.each([
    null,
    '',
    'a',
    5,
    {},
    [],
    ['a'],
    [''],
    [{ text: 'a' }],
    [{ image: RED_SQUARE }],
    [null],
    ...[16, 17].map(many),
  ])('agrees with the route on the texts %j', async (texts) => {
    const body = { image: RED_SQUARE, texts };
    expect(fitsSchema('ExplainRequest', body)).toBe(await isRead('/v1/explain', body));
  });
});

function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `text ${at}`);
}

describe('the schema of documents', () => {
  const read = async (body: unknown): Promise<boolean> => {
    try {
      await (await readJsonRequest(jsonBytes(body), { receivedAtMs: 0 })).open();
      return true;
    } catch {
      return false;
    }
  };
  const numbers = [[1, 2], [[0.5], [1]], [[]], ['x'], [null], [[1], 'x']];
  const lists = [[{}], [{ text: 'a' }], [null], ['x'], [[]]];
  const scores = [{ a: {} }, { a: { value: 1, op_name: 'x' } }, { a: { value: 'x' } }, { a: null }, { a: [] }];

  it.each([
    ...['id', 'text', 'uri', 'mime_type', 'modality', 'parent_id', 'granularity', 'adjacency', 'weight', 'offset'],
    ...['location', 'tags', '_metadata', 'tensor', 'embedding', 'chunks', 'matches', 'scores', 'evaluations', 'later'],
  ])('agrees with the codec on every value of %s', async (name) => {
    for (const value of [...VALUES, 2 ** 32, ...numbers, ...lists, ...scores]) {
      const body = { data: [{ [name]: value }] };
      expect(fitsSchema('DocumentsRequest', body), JSON.stringify(body)).toBe(await read(body));
    }
  });

  it.each([
    'data',
    'exec_endpoint',
    'execEndpoint',
    'target_executor',
    'targetExecutor',
    'parameters',
    'header',
    'later',
  ])('agrees with the codec on every value of the field %s of a body', async (name) => {
    for (const value of [...VALUES, ...lists, { docs: null }, { docs: [] }, { docs: [{}] }, { docs: 'x' }]) {
      const body = { [name]: value };
      expect(fitsSchema('DocumentsRequest', body), JSON.stringify(body)).toBe(await read(body));
    }
  });

  it('lets base64 through', async () => {
    expect(fitsSchema('DocumentsRequest', { data: [{ blob: RED_SQUARE_BASE64 }] })).toBe(true);
  });
});
