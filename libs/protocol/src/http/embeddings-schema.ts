import { answerObject, type ApiSchema, NULL, schemaNamed } from '../openapi/api-schema.js';
import { ENCODING_FORMATS } from './embeddings-request.js';
import { FOREIGN_FIELDS, foreignSchemas } from './foreign-fields.js';
import { MODALITIES } from './item-input.js';
import { GIVEN_ITEM } from './item-schema.js';

const format: ApiSchema = {
  type: ['string', 'null'],
  enum: [...ENCODING_FORMATS, null],
  default: 'float',
  description: 'Numbers, or base64 of float32, little-endian',
};
const dimensions: ApiSchema = {
  type: ['integer', 'null'],
  minimum: 1,
  description: "Only the model's own number is accepted: CLIP vectors cannot be cut",
};
const normalize: ApiSchema = {
  type: ['boolean', 'null'],
  default: false,
  description: 'true scales every vector to length 1',
};

/** A served model; what `RequestFields.text` reads. */
export const MODEL: ApiSchema = {
  type: ['string', 'null'],
  description: 'A served model; the default one when left out',
};

/** What `/v1/embeddings` reads (`readEmbeddingsFields`, `ItemList`) and answers. */
export const EMBEDDINGS_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  EmbeddingsRequest: {
    type: 'object',
    required: ['input'],
    properties: {
      input: {
        description: 'An item or a list of items; lists of token ids are refused',
        anyOf: [...GIVEN_ITEM, { type: 'array', items: schemaNamed('Item'), minItems: 1 }],
      },
      model: MODEL,
      encoding_format: format,
      dimensions,
      modality: {
        type: ['string', 'null'],
        enum: [...MODALITIES, null],
        default: 'text',
        description: 'What plain strings are',
      },
      normalize,
      embedding_type: { ...format, description: 'The same as encoding_format' },
      output_dimension: { ...dimensions, description: 'The same as dimensions' },
      normalized: { ...normalize, description: 'The same as normalize' },
      ...foreignSchemas(FOREIGN_FIELDS),
    },
    additionalProperties: NULL,
  },
  EmbeddingsAnswer: answerObject(
    {
      object: { type: 'string', enum: ['list'] },
      data: { type: 'array', items: schemaNamed('Embedding') },
      model: { type: 'string' },
      usage: answerObject({
        prompt_tokens: { type: 'integer', minimum: 0, description: 'Of the texts; images have none' },
        total_tokens: { type: 'integer', minimum: 0 },
      }),
    },
    { warnings: schemaNamed('Warnings') },
  ),
  Embedding: answerObject({
    object: { type: 'string', enum: ['embedding'] },
    index: { type: 'integer', minimum: 0, description: 'The place in `input`' },
    embedding: {
      anyOf: [
        { type: 'array', items: { type: 'number' } },
        { type: 'string', description: 'Base64 of float32, little-endian' },
      ],
    },
  }),
  Warnings: {
    type: 'array',
    items: { type: 'string' },
    minItems: 1,
    description: 'Fields of the request that were ignored, and why; absent where there are none',
  },
};
