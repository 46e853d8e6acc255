import { DOCUMENTS_SCHEMAS } from '../http/documents-schema.js';
import { EMBEDDINGS_SCHEMAS } from '../http/embeddings-schema.js';
import { ERROR_SCHEMAS } from '../http/error-schema.js';
import { INFO_SCHEMAS } from '../http/info-schema.js';
import { ITEM_SCHEMAS } from '../http/item-schema.js';
import { RANK_SCHEMAS } from '../http/rank-schema.js';
import type { ApiSchema } from '../openapi/api-schema.js';

/** Every schema of the API's document; each stands beside the code that reads or writes what it describes. */
export const API_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  ...EMBEDDINGS_SCHEMAS,
  ...RANK_SCHEMAS,
  ...ITEM_SCHEMAS,
  ...INFO_SCHEMAS,
  ...DOCUMENTS_SCHEMAS,
  ...ERROR_SCHEMAS,
};
