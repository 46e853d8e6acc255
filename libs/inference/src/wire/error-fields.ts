import { DomainError, isErrorCode } from '#core';
import type { Fields } from './fields.js';

/** A DomainError as it crosses between processes; its cause stays behind. */
export interface ErrorHeader {
  readonly code: string;
  readonly text: string;
  readonly internal?: string;
  readonly retryAfterMs?: number;
}

/** The part of an error that the other process needs. */
export function errorHeader(error: DomainError): ErrorHeader {
  return {
    code: error.code,
    text: error.message,
    ...(error.internal === undefined ? {} : { internal: error.internal }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

/** The error again. Throws when the code is none of ours. */
export function parseError(fields: Fields): DomainError {
  const code = fields.string('code');
  if (!isErrorCode(code)) throw new Error(`error code ${code} is not known`);
  return new DomainError(code, fields.string('text'), {
    ...(fields.has('internal') ? { internal: fields.string('internal') } : {}),
    ...(fields.has('retryAfterMs') ? { retryAfterMs: fields.number('retryAfterMs') } : {}),
  });
}
