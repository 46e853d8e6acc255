import type { ApiSchema } from '../openapi/api-schema.js';

/**
 * Fields that requests to other servers of embeddings carry (OpenAI, vLLM, Jina, Voyage, Cohere, TEI), with what
 * becomes of them here. null is always taken for absent.
 */
export interface ForeignField {
  /** Values that ask for what this service does anyway; words in any case. */
  readonly harmless?: readonly unknown[];
  /** Other values are ignored with this warning … */
  readonly ignored?: string;
  /** … or refused with this reason, because the answer would not be what was asked for. */
  readonly refused?: string;
}

const alike = 'it is ignored, since a CLIP model embeds queries and documents alike.';
const noMeaning = 'it is ignored, since this service has nothing like it.';
const cut = 'longer texts are always cut at their end, to the most tokens that the model takes.';
const ownType = 'vectors are float32, as numbers or as base64 ("encoding_format").';
const oneVector = 'every item gets one vector of its own.';

/** By their names. */
export const FOREIGN_FIELDS: ReadonlyMap<string, ForeignField> = new Map(
  Object.entries({
    user: {},
    task: { ignored: alike },
    input_type: { ignored: alike },
    prompt_name: { ignored: alike },
    priority: { ignored: noMeaning },
    request_id: { ignored: noMeaning },
    metadata: { ignored: noMeaning },
    truncate: { harmless: [true, 'END', 'RIGHT'], refused: cut },
    truncation: { harmless: [true], refused: cut },
    auto_truncate: { harmless: [true], refused: cut },
    truncation_side: { harmless: ['right'], refused: cut },
    truncation_direction: { harmless: ['right'], refused: cut },
    truncate_prompt_tokens: { harmless: [-1], refused: cut },
    add_special_tokens: { harmless: [true], refused: 'the marks of start and end are part of every text.' },
    output_dtype: { harmless: ['float'], refused: ownType },
    embed_dtype: { harmless: ['float32'], refused: ownType },
    endianness: { harmless: ['native', 'little'], refused: 'base64 holds little-endian float32.' },
    late_chunking: { harmless: [false], refused: oneVector },
    return_multivector: { harmless: [false], refused: oneVector },
    return_tokenized_input: { harmless: [false], refused: 'token ids are not part of the answer.' },
  } satisfies Record<string, ForeignField>),
);

/** The same of `/v1/rank`. */
export const FOREIGN_RANK_FIELDS: ReadonlyMap<string, ForeignField> = new Map<string, ForeignField>([
  ...FOREIGN_FIELDS,
  ...['top_n', 'top_k'].map((name): [string, ForeignField] => [
    name,
    { refused: 'the answer has every candidate, best first. Take as many of them as you need.' },
  ]),
  ['return_documents', { ignored: 'it is ignored, since the answer repeats texts and never images.' }],
]);

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
