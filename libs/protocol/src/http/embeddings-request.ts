import { FOREIGN_FIELDS, FOREIGN_RANK_FIELDS } from './foreign-fields.js';
import { MODALITIES, type Modality } from './item-input.js';
import { RequestFields, type RequestForm } from './request-fields.js';

/** How vectors are written: numbers, or base64 of float32, little-endian. The first one where nothing is said. */
export const ENCODING_FORMATS = ['float', 'base64'] as const;

/** See ENCODING_FORMATS. */
export type EncodingFormat = (typeof ENCODING_FORMATS)[number];

/** What a request of `/v1/embeddings` says beside its items. */
export interface EmbeddingsFields {
  readonly modality: Modality;
  readonly model: string | undefined;
  readonly format: EncodingFormat;
  readonly dimensions: number | undefined;
  readonly normalize: boolean;
  readonly warnings: readonly string[];
}

const EMBEDDINGS_FORM: RequestForm = {
  known: [
    ...['input', 'model', 'encoding_format', 'dimensions', 'modality', 'normalize'],
    ...['embedding_type', 'normalized', 'output_dimension'],
  ],
  meant: new Map([
    ...['texts', 'text', 'images', 'image', 'documents', 'sentences', 'messages', 'prompt', 'query', 'data'].map(
      (name): [string, string] => [name, 'input'],
    ),
    ...['dims', 'size'].map((name): [string, string] => [name, 'dimensions']),
    ...['format', 'embedding_types', 'encoding_type'].map((name): [string, string] => [name, 'encoding_format']),
    ...['engine', 'model_name', 'model_id'].map((name): [string, string] => [name, 'model']),
  ]),
  foreign: FOREIGN_FIELDS,
};

/**
 * Reads the fields of `/v1/embeddings`: OpenAI's, `modality` and `normalize`, and Jina's and Voyage's names for some of
 * them. What `input` holds is not looked at. Throws `invalid_argument`.
 */
export function readEmbeddingsFields(body: unknown): EmbeddingsFields {
  const fields = new RequestFields(body, EMBEDDINGS_FORM);
  return {
    modality: fields.choice('modality', MODALITIES),
    model: fields.text('model'),
    format: fields.choice(fields.nameOf('encoding_format', 'embedding_type'), ENCODING_FORMATS),
    dimensions: fields.count(fields.nameOf('dimensions', 'output_dimension')),
    normalize: fields.flag(fields.nameOf('normalize', 'normalized')),
    warnings: fields.warnings,
  };
}

/** What a request of `/v1/rank` says beside its items. */
export interface RankFields {
  readonly model: string | undefined;
  readonly warnings: readonly string[];
}

const RANK_FORM: RequestForm = {
  known: ['query', 'candidates', 'model'],
  meant: new Map([
    ...['documents', 'texts', 'images', 'passages', 'items', 'labels', 'choices'].map((name): [string, string] => [
      name,
      'candidates',
    ]),
    ...['text', 'image', 'input', 'queries'].map((name): [string, string] => [name, 'query']),
    ...['model_name', 'model_id'].map((name): [string, string] => [name, 'model']),
  ]),
  foreign: FOREIGN_RANK_FIELDS,
};

/** Reads the fields of `/v1/rank`; query and candidates are not looked at. Throws `invalid_argument`. */
export function readRankFields(body: unknown): RankFields {
  const fields = new RequestFields(body, RANK_FORM);
  return { model: fields.text('model'), warnings: fields.warnings };
}
