import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { NEED_EXTENSION } from '../request/access.js';
import type { ProtocolParts } from '../request/protocol-parts.js';
import { API_HEADERS, EVERY } from '../openapi/headers.js';
import { DOCUMENTS_SCHEMAS } from '../http/documents-schema.js';
import { EMBEDDINGS_SCHEMAS } from '../http/embeddings-schema.js';
import { ERROR_SCHEMAS } from '../http/error-schema.js';
import { EXPLAIN_SCHEMAS } from '../http/explain-schema.js';
import { INFO_SCHEMAS } from '../http/info-schema.js';
import { ITEM_SCHEMAS } from '../http/item-schema.js';
import { RANK_SCHEMAS } from '../http/rank-schema.js';
import type { ApiSchema } from '../openapi/api-schema.js';

/**
 * `/openapi.json` (the Python client reads the POST paths from it) and `/docs`, whose files come from the server
 * itself.
 */
export function documentApi(app: NestFastifyApplication, services: ProtocolParts): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app, services), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'CLIP-as-service',
    swaggerOptions: { validatorUrl: null }, // else the page shows a badge from a server of Swagger's
    patchDocumentOnRequest: (_req: unknown, _res: unknown, document: OpenAPIObject) =>
      withModels(document, modelServed(services)),
  });
}

function apiDocument(app: NestFastifyApplication, { state, guard }: ProtocolParts): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('CLIP-as-service')
    .setDescription(DESCRIPTION)
    .setVersion(state.version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An access token with the scope that the route needs' },
      'token',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = { ...document.components, schemas: { ...API_SCHEMAS }, headers: { ...API_HEADERS } };
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    for (const operation of [get, post]) {
      if (operation === undefined) continue;
      if (path.endsWith('/{path}')) operation.responses['400'] = undecodable(operation.responses);
      operation.security = securityOf(operation, guard.required);
      if (/^\/(embeddings|models)/.test(path)) operation.operationId += 'WithoutV1';
    }
  }
  return document;
}

/** In the form that the route's other failures have. */
function undecodable({ 401: refused }: ResponsesObject): ResponsesObject[string] {
  return { ...refused, description: '`invalid_argument`: the path cannot be decoded', headers: EVERY };
}

type ResponsesObject = NonNullable<OpenAPIObject['paths'][string]['get']>['responses'];

/** Whether a token is needed, which the route's `@Needs` has left in its operation. */
function securityOf(operation: object, required: boolean): Record<string, string[]>[] {
  const need: unknown = Reflect.get(operation, NEED_EXTENSION);
  Reflect.deleteProperty(operation, NEED_EXTENSION);
  if (need === 'nothing') return [];
  return required && need !== 'documents' ? [{ token: [] }] : [{ token: [] }, {}];
}

const DESCRIPTION = 'Vectors of texts and images by CLIP models, and rankings of one by the other.';

/** Nest calls a wildcard `path`; the parameter is the name of a model, here of one that is served now. */
function withModels(document: OpenAPIObject, model: string): OpenAPIObject {
  const parameter = {
    name: 'model',
    in: 'path',
    required: true,
    description: 'The name of a served model; a slash in it may be escaped or not',
    schema: { type: 'string', minLength: 1 },
    example: model,
  } as const;
  const paths = Object.entries(document.paths).map(([path, item]) =>
    path.endsWith('/{path}') ? [path.replace('{path}', '{model}'), { ...item, parameters: [parameter] }] : [path, item],
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

/** The default model, or a name that has the form of one while none is served. */
function modelServed({ registry }: ProtocolParts): string {
  try {
    return registry.pool().info.name;
  } catch {
    return 'ViT-B-32::openai';
  }
}

/** Every schema of the API's document; each stands beside the code that reads or writes what it describes. */
export const API_SCHEMAS: Readonly<Record<string, ApiSchema>> = {
  ...EMBEDDINGS_SCHEMAS,
  ...RANK_SCHEMAS,
  ...EXPLAIN_SCHEMAS,
  ...ITEM_SCHEMAS,
  ...INFO_SCHEMAS,
  ...DOCUMENTS_SCHEMAS,
  ...ERROR_SCHEMAS,
};
