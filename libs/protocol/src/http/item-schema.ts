import { type ApiSchema, NULL, schemaNamed } from '../openapi/api-schema.js';
import { TYPES_OF_IMAGE, TYPES_OF_TEXT } from './item-input.js';

const BLANK: ApiSchema = { type: ['string', 'null'], pattern: '^\\s*$' };
const EMPTY: ApiSchema = { type: ['string', 'null'], maxLength: 0 };

const imageUrl = (url: ApiSchema): ApiSchema => ({
  type: 'object',
  required: ['url'],
  properties: { url, detail: { description: 'Ignored: a CLIP model has one size' } },
  additionalProperties: NULL,
});

const BLANK_URL: ApiSchema = { anyOf: [BLANK, imageUrl({ type: 'string', pattern: '^\\s*$' })] };

function typed(words: readonly string[]): ApiSchema {
  return { type: ['string', 'null'], enum: [...words, null], description: 'May repeat what the content is' };
}

/** What `parseItem` accepts, as far as a schema can say it: whether a picture can be read only its bytes tell. */
export const ITEM_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  Item: {
    description:
      'A text or an image. A plain string is a text, or an image where it is a data URI or `modality` says so. What is null or empty ' +
      'counts as left out; an item has one content.',
    anyOf: [
      { type: 'string', description: 'A text, or a data URI of an image', example: 'a photo of a cat' },
      schemaNamed('TextItem'),
      schemaNamed('ImageItem'),
      schemaNamed('ImageUrlItem'),
    ],
  },
  TextItem: {
    type: 'object',
    required: ['text'],
    properties: {
      text: { type: 'string', description: 'A text, whatever it looks like' },
      image: BLANK,
      image_url: BLANK_URL,
      type: typed(TYPES_OF_TEXT),
    },
    additionalProperties: NULL,
  },
  ImageItem: {
    type: 'object',
    required: ['image'],
    properties: {
      image: {
        type: 'string',
        description: 'Base64 of the file, a data URI, an http(s) address, or a path inside CAS_FILE_ROOT',
      },
      text: EMPTY,
      image_url: BLANK_URL,
      type: typed(TYPES_OF_IMAGE),
    },
    additionalProperties: NULL,
  },
  ImageUrlItem: {
    type: 'object',
    required: ['image_url'],
    description: 'The same as ImageItem, as chat messages write it',
    properties: {
      image_url: { anyOf: [{ type: 'string' }, imageUrl({ type: 'string' })] },
      text: EMPTY,
      image: BLANK,
      type: typed(TYPES_OF_IMAGE),
    },
    additionalProperties: NULL,
  },
};

/** An item where one is needed, which is any of these: an empty plain string is none. */
export const GIVEN_ITEM: readonly ApiSchema[] = [
  { type: 'string', minLength: 1 },
  schemaNamed('TextItem'),
  schemaNamed('ImageItem'),
  schemaNamed('ImageUrlItem'),
];
