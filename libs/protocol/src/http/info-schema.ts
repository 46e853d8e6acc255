import { answerObject, type ApiSchema, schemaNamed } from '../openapi/api-schema.js';

/** What is answered before anything is sent. */
export const INFO_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  Nothing: { type: 'object', maxProperties: 0 },
  Health: answerObject({ status: { type: 'string', enum: ['ok', 'unavailable'] } }),
  Versions: answerObject({
    jina: { type: 'object', additionalProperties: { type: 'string' } },
    envs: { type: 'object', additionalProperties: { type: 'string' } },
  }),
  DryRun: answerObject({
    code: { type: 'integer', description: '0: the default model can answer' },
    description: { type: 'string' },
    exception: { type: 'null' },
  }),
  Model: answerObject({
    id: { type: 'string', description: 'The same as name' },
    object: { type: 'string', enum: ['model'] },
    created: { type: 'integer', description: 'When the service started, in seconds since 1970' },
    owned_by: { type: 'string' },
    name: { type: 'string' },
    dimension: { type: 'integer', minimum: 1, description: 'Numbers in a vector' },
    imageSize: { type: 'integer', minimum: 1, description: 'Side of the square that the model sees, in pixels' },
    contextLength: { type: 'integer', minimum: 1, description: 'Most tokens of a text; longer ones are cut' },
    logitScale: { type: 'number', description: 'Factor before the softmax of a ranking' },
    normalized: { type: 'boolean', description: 'Whether vectors have length 1 as they are' },
    default: { type: 'boolean', description: 'Whether it serves requests that name no model' },
  }),
  Models: answerObject({
    object: { type: 'string', enum: ['list'] },
    data: { type: 'array', items: schemaNamed('Model') },
  }),
};
