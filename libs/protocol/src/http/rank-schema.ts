import { answerObject, type ApiSchema, NULL, schemaNamed } from '../openapi/api-schema.js';
import { MODEL } from './embeddings-schema.js';
import { FOREIGN_RANK_FIELDS, foreignSchemas } from './foreign-fields.js';
import { GIVEN_ITEM } from './item-schema.js';

/** What `/v1/rank` reads (`readRankFields`, `ItemList`) and answers. */
export const RANK_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  RankRequest: {
    type: 'object',
    required: ['query', 'candidates'],
    properties: {
      query: { description: 'What the candidates are compared with', anyOf: [...GIVEN_ITEM] },
      candidates: {
        type: 'array',
        items: schemaNamed('Item'),
        minItems: 1,
        description: 'Texts and images may be mixed, though their cosines are not comparable',
      },
      model: MODEL,
      ...foreignSchemas(FOREIGN_RANK_FIELDS),
    },
    additionalProperties: NULL,
  },
  RankAnswer: answerObject(
    {
      object: { type: 'string', enum: ['list'] },
      model: { type: 'string' },
      results: { type: 'array', items: schemaNamed('RankResult'), description: 'Best first' },
      errors: { type: 'array', items: schemaNamed('ItemFailure'), description: 'Candidates that failed' },
    },
    { warnings: schemaNamed('Warnings') },
  ),
  RankResult: answerObject(
    {
      index: { type: 'integer', minimum: 0, description: 'The place in `candidates`' },
      score: { type: 'number', minimum: 0, maximum: 1, description: 'Softmax of logit_scale · cosine' },
      cosine: { type: 'number', description: '-1 to 1' },
    },
    { candidate: { type: 'string', description: 'A text is repeated, an image is not' } },
  ),
  ItemFailure: answerObject({
    index: { type: 'integer', minimum: 0 },
    code: schemaNamed('ErrorCode'),
    message: { type: 'string' },
  }),
};
