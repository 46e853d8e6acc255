import type { ApiSchema } from '../openapi/api-schema.js';
import type { ForeignField } from './foreign-fields.js';

/** What each field of another server may hold here, for the API's document. */
export function foreignSchemas(fields: ReadonlyMap<string, ForeignField>): Record<string, ApiSchema> {
  return Object.fromEntries(Array.from(fields, ([name, field]) => [name, foreignSchema(field)]));
}

function foreignSchema({ harmless = [], ignored, refused }: ForeignField): ApiSchema {
  if (refused === undefined) {
    return { description: `Of other servers: ${ignored ?? 'it is accepted and changes nothing.'}` };
  }
  const words = harmless.filter((value) => typeof value === 'string');
  const values = { enum: [...harmless.filter((value) => typeof value !== 'string'), null] };
  return {
    description: `Of other servers: other values are refused, since ${refused}`,
    ...(words.length === 0 ? values : { anyOf: [values, ...words.map(wordInAnyCase)] }),
  };
}

/** JSON Schema's patterns have no flag for it. */
function wordInAnyCase(word: string): ApiSchema {
  const letters = Array.from(word, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
  return { type: 'string', pattern: `^${letters.join('')}$` };
}
