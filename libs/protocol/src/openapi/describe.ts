import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { ErrorCode } from '#core';
import { type ApiSchema, schemaNamed } from './api-schema.js';
import { ApiFailures, type Dialect } from './failures.js';
import { EVERY } from './headers.js';

/** Examples by their names; each of a body can be sent as it is, whichever models are served. */
type Examples = Readonly<Record<string, unknown>>;

/** What the API's document says of a route beside its path. */
export interface RouteDescription {
  /** Unique; clients that are generated name their functions by it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The schema of the body, by its name in API_SCHEMAS. */
  readonly body?: { readonly schema: string; readonly examples: Examples };
  readonly answer: {
    readonly description: string;
    readonly schema: ApiSchema | string;
    readonly headers?: typeof EVERY;
    readonly example?: unknown;
  };
  readonly fails?: { readonly as: Dialect; readonly with: readonly ErrorCode[] };
}

/** Describes a route for `/openapi.json` and `/docs`. */
export function Describe({ id, summary, description, body, answer, fails }: RouteDescription): MethodDecorator {
  const operation = { operationId: id, summary, ...(description === undefined ? {} : { description }) };
  return applyDecorators(
    ApiOperation(operation),
    ...(body
      ? [STALLED, ApiBody({ required: true, schema: schemaNamed(body.schema), examples: named(body.examples) })]
      : []),
    ApiResponse({
      status: 200,
      description: answer.description,
      headers: { ...EVERY, ...answer.headers },
      content: {
        'application/json': {
          schema: typeof answer.schema === 'string' ? schemaNamed(answer.schema) : answer.schema,
          ...(answer.example === undefined ? {} : { example: answer.example }),
        },
      },
    }),
    ...(fails ? [ApiFailures(fails.as, fails.with)] : []),
  );
}

const STALLED = ApiResponse({
  status: 408,
  description: 'The body stands still or comes byte by byte; the connection is cut, without a content',
});

function named(examples: Examples): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { summary: name, value }]));
}

/** A PNG of 16 × 16 red pixels, small enough for an example. */
export const RED_SQUARE_BASE64 =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAAA1BMVEXcHh4Np/MyAAAADElEQVR42mNgIA0AAAAwAAEodEl9' +
  'AAAAAElFTkSuQmCC';

/** The same as a data URI. */
export const RED_SQUARE = `data:image/png;base64,${RED_SQUARE_BASE64}`;
