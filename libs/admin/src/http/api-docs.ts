import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '#core';
import { API_HEADERS, FAILURE, failureAnswers } from './describe.js';

/** `/openapi.json` and `/docs`, whose files come from the server itself. */
export function documentApi(app: NestFastifyApplication, version: string, sessionCookie: string): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app, version, sessionCookie), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'CLIP-as-service: admin API',
    swaggerOptions: { validatorUrl: null }, // else the page shows a badge from a server of Swagger's
  });
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Methods that change something, each with the CSRF token of a session. */
const CHANGES = ['post', 'put', 'patch', 'delete'] as const;

function apiDocument(app: NestFastifyApplication, version: string, sessionCookie: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('CLIP-as-service: admin API')
    .setDescription('Times are milliseconds since 1970. `x-needs` of a route names the permission that it asks for.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', description: 'An access token with the scope admin:*' }, 'token')
    .addCookieAuth(sessionCookie, { type: 'apiKey', in: 'cookie', description: 'Set by a log-in' }, 'session')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-csrf-token', description: 'As the log-in answered it' }, 'csrf')
    .build();
  const operationIdFactory = (controller: string, method: string): string => `${controller}_${method}`;
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  for (const [path, item] of Object.entries(document.paths)) {
    if (item.get) describe(item.get, path, false);
    for (const method of CHANGES) {
      const operation = item[method];
      if (operation) describe(operation, path, true);
    }
  }
  const { schemas = {}, ...components } = document.components ?? {};
  document.components = {
    ...components,
    headers: { ...API_HEADERS },
    schemas: { ...closed(schemas), ...FAILURE_SCHEMA },
  };
  return document;
}

function describe(operation: Operation, path: string, isChange: boolean): void {
  const need: unknown = Reflect.get(operation, 'x-needs');
  // The playground calls models in the name of a person, with a token of its own.
  operation.security = securityOf(path.startsWith('/api/playground/') ? 'session' : need, isChange);
  for (const parameter of operation.parameters ?? []) {
    if (!('in' in parameter) || parameter.in !== 'path') continue;
    const { example = exampleIn(parameter.schema) } = parameter;
    Object.assign(parameter, example === undefined ? ID : { example });
  }
  withFailures(operation, path, need, isChange);
}

function exampleIn(schema: object | undefined): unknown {
  return schema && 'example' in schema ? schema.example : undefined;
}

/** The credentials that AccessGuard asks for. */
function securityOf(need: unknown, isChange: boolean): Record<string, string[]>[] {
  const session: Record<string, string[]> = isChange ? { session: [], csrf: [] } : { session: [] };
  if (need === 'nothing') return [];
  return need === 'session' ? [session] : [{ token: [] }, session];
}

/** Adds the failures that every route of a kind has to those that a route declares itself. */
function withFailures(operation: Operation, path: string, need: unknown, isChange: boolean): void {
  const codes: ErrorCode[] = ['internal', 'unavailable'];
  if (need !== 'nothing') codes.push('unauthenticated', 'permission_denied');
  if (isChange) codes.push('permission_denied');
  if (operation.requestBody) codes.push('invalid_argument', 'request_too_large', 'unsupported_media_type');
  else if ((operation.parameters ?? []).length > 0) codes.push('invalid_argument');
  if (path.includes('{id}')) {
    if (!path.startsWith('/api/session/')) codes.push('not_found'); // a session that is gone is ended
    const answer = failureAnswers(['invalid_argument']).get(422);
    operation.responses['400'] ??= { ...answer, description: '`invalid_argument`: the path cannot be decoded' };
  }
  for (const [status, answer] of failureAnswers([...new Set(codes)])) operation.responses[status] ??= answer;
}

/** Ids are given out by the service; one that was not is a 404. */
const ID = {
  schema: { type: 'string', minLength: 1 },
  example: '00000000-0000-4000-8000-000000000000',
};

/** Closes the schemas of bodies, since InputValidation refuses unknown keys; answers may grow. */
function closed(schemas: Schemas): Schemas {
  const entries = Object.entries(schemas).map(([name, schema]): [string, Schemas[string]] =>
    name.endsWith('Body') ? [name, { ...schema, ...ALSO[name], additionalProperties: false }] : [name, schema],
  );
  return Object.fromEntries(entries);
}

/** What the controllers ask of bodies beyond their classes. */
const ALSO: Schemas = { ChangeAccountBody: { minProperties: 1, maxProperties: 1 } };

const FAILURE_SCHEMA: Schemas = {
  [FAILURE]: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string', enum: [...ERROR_CODES] },
          message: { type: 'string', description: 'What is wrong and what to do' },
        },
      },
    },
  },
};
