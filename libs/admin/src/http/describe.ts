import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiResponse, getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { codesByStatus, type ErrorCode } from '#core';

type Components = NonNullable<OpenAPIObject['components']>;
type Headers = NonNullable<Components['headers']>;

/** The form of every failure; see ErrorFilter. */
export const FAILURE = 'Failure';

/** The headers of failures, by the names that the document has for them. */
export const API_HEADERS = {
  RetryAfter: { description: 'Seconds until trying again makes sense', schema: { type: 'integer', minimum: 1 } },
  Challenge: { required: true, description: 'Bearer', schema: { type: 'string' } },
} satisfies Headers;

/**
 * Describes the body of a route, with examples by their names. Each can be sent as it is, but for secrets and names of
 * models that only the service at hand knows.
 */
export function Takes(body: Type, examples: Readonly<Record<string, object>>): MethodDecorator {
  const named = Object.entries(examples).map(([name, value]) => [name, { summary: name, value }]);
  const schema = { $ref: getSchemaPath(body) };
  return applyDecorators(
    ApiExtraModels(body),
    ApiBody({ required: true, schema, examples: Object.fromEntries(named) }),
  );
}

/** Failures of a route beside those that follow from its kind (`withFailures` in api-docs.ts). */
export function MayFail(...codes: readonly ErrorCode[]): MethodDecorator {
  const answers = Array.from(failureAnswers(codes), ([status, answer]) => ApiResponse({ status, ...answer }));
  return applyDecorators(...answers);
}

/** The answers to requests that fail with one of `codes`, a status each. */
export function failureAnswers(codes: readonly ErrorCode[]): ReadonlyMap<number, FailureAnswer> {
  return new Map(
    Array.from(codesByStatus(codes), ([status, some]) => [
      status,
      {
        description: some.map((code) => `\`${code}\``).join(', '),
        ...headersOf(status),
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${FAILURE}` } } },
      },
    ]),
  );
}

/** An answer of the document. */
export interface FailureAnswer {
  readonly description: string;
  readonly headers?: Headers;
  readonly content: Record<string, { schema: { $ref: string } }>;
}

function headersOf(status: number): { headers?: Headers } {
  if (status === 401) return { headers: { 'WWW-Authenticate': { $ref: '#/components/headers/Challenge' } } };
  if (status !== 429 && status !== 503) return {};
  return { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } };
}
