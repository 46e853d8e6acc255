import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { codesByStatus, type ErrorCode } from '#core';
import { schemaNamed } from './api-schema.js';
import { CHALLENGE, EVERY, LIMITS, RETRY } from './headers.js';

/** The form of a failure: OpenAI's, or that of the Python server. See HttpErrorFilter. */
export type Dialect = 'OpenAiError' | 'DetailError';

/** What every route that needs a token may fail with. */
export const ACCESS_FAILURES = [
  ...['unauthenticated', 'permission_denied'],
  ...['internal', 'unavailable', 'shutting_down'],
] as const satisfies readonly ErrorCode[];

/** What every route that reads a body may fail with, beside. */
export const BODY_FAILURES = [
  ...ACCESS_FAILURES,
  ...['invalid_argument', 'request_too_large', 'unsupported_media_type'],
  ...['queue_full', 'rate_limited', 'deadline_exceeded'],
] as const satisfies readonly ErrorCode[];

/** What every route that computes, and has no place for an error of one item, may fail with. */
export const ITEM_FAILURES = [
  ...BODY_FAILURES,
  ...['model_unknown', 'replica_lost', 'item_poisonous', 'item_empty', 'fetch_refused', 'fetch_failed'],
  ...['image_unreadable', 'image_too_large', 'image_format_refused'],
] as const satisfies readonly ErrorCode[];

/** The answers of a route that fails with one of `codes`, a status each. */
export function ApiFailures(dialect: Dialect, codes: readonly ErrorCode[]): MethodDecorator {
  const answers = Array.from(codesByStatus(codes), ([status, some]) =>
    ApiResponse({
      status,
      description: some.map((code) => `\`${code}\``).join(', '),
      headers: { ...EVERY, ...headersOf(status) },
      content: { 'application/json': { schema: schemaNamed(dialect) } },
    }),
  );
  return applyDecorators(...answers);
}

function headersOf(status: number): typeof EVERY {
  if (status === 401) return CHALLENGE;
  if (status === 429) return { ...RETRY, ...LIMITS };
  return status === 503 ? RETRY : {};
}
