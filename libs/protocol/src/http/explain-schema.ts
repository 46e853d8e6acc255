import { COVER_MODES, EXPLAIN_GRID, EXPLAIN_TEXTS_MAX } from '#serving';
import { answerObject, type ApiSchema, NULL, schemaNamed } from '../openapi/api-schema.js';
import { MODEL } from './embeddings-schema.js';

const INDEX: ApiSchema = { type: 'integer', minimum: 0, description: 'The place in `texts`' };
const COUNT: ApiSchema = { type: 'integer', minimum: 0 };

/** What `/v1/explain` reads (`readExplainFields`, `ItemList`) and answers. */
export const EXPLAIN_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  ExplainRequest: {
    type: 'object',
    required: ['image', 'texts'],
    properties: {
      image: {
        description: 'The image; a plain string is one, too',
        anyOf: [{ type: 'string', minLength: 1 }, schemaNamed('ImageItem'), schemaNamed('ImageUrlItem')],
      },
      texts: {
        type: 'array',
        items: { anyOf: [{ type: 'string' }, schemaNamed('TextItem')] },
        minItems: 1,
        maxItems: EXPLAIN_TEXTS_MAX,
        description: 'Shares of the softmax are over all of them',
      },
      model: MODEL,
      grid: {
        type: ['integer', 'null'],
        minimum: EXPLAIN_GRID.min,
        maximum: EXPLAIN_GRID.max,
        default: EXPLAIN_GRID.default,
        description: 'Cells a side; grid² masked copies of the image are encoded',
      },
      mode: {
        type: ['string', 'null'],
        enum: [...COVER_MODES, null],
        default: COVER_MODES[0],
        description: 'What a masked copy covers: a patch of the cell and its neighbours, or the cell alone',
      },
      square: {
        type: ['boolean', 'null'],
        default: false,
        description: 'true adds the pixels that the model saw, to lay the map over',
      },
    },
    additionalProperties: NULL,
  },
  ExplainAnswer: answerObject(
    {
      object: { type: 'string', enum: ['explanation'] },
      model: { type: 'string' },
      grid: { type: 'integer', minimum: EXPLAIN_GRID.min, maximum: EXPLAIN_GRID.max },
      mode: { type: 'string', enum: [...COVER_MODES] },
      results: { type: 'array', items: schemaNamed('ExplainedText'), description: 'In the order of `texts`' },
      usage: answerObject({
        items: { ...COUNT, description: 'What counts against limits: images and texts' },
        images: { ...COUNT, description: 'The image and its masked copies: grid² + 1' },
        texts: COUNT,
        prompt_tokens: COUNT,
        total_tokens: COUNT,
      }),
    },
    { square: schemaNamed('ExplainedSquare') },
  ),
  ExplainedText: answerObject({
    index: INDEX,
    text: { type: 'string' },
    cosine: schemaNamed('DropMap'),
    score: { ...schemaNamed('DropMap') },
  }),
  DropMap: {
    ...answerObject({
      base: { type: 'number', description: 'Of the whole image: the cosine, or the share of the softmax' },
      drops: {
        type: 'array',
        items: { type: 'array', items: { type: 'number' } },
        description:
          'grid rows of grid numbers, from the top left: base − the value with that cell (or its patch) covered by the mean colour. Above 0 the cell ' +
          'speaks for the text, below 0 against it',
      },
      range: {
        type: 'array',
        items: { type: 'number' },
        minItems: 2,
        maxItems: 2,
        description: 'The smallest and the largest drop',
      },
    }),
    description: 'What covering each cell takes from a value',
  },
  ExplainedSquare: answerObject({
    side: { type: 'integer', minimum: 1, description: 'Pixels a side' },
    rgb: { type: 'string', description: 'Base64 of side² · 3 bytes: red, green, blue, row by row from the top left' },
  }),
};
