import { auditTermsSchema, type AuditQuery, type AuditTerm } from '#audit';
import { DomainError, parseJson } from '#core';
import { instantOf } from '../http/instant.js';
import type { AuditFilter, AuditSpanQuery } from './audit.dto.js';

/**
 * Makes a query of the trail of what was asked for.
 *
 * @throws DomainError `invalid_argument` for conditions that cannot be read
 */
export function queryOf({ from, to, filter, ...same }: AuditFilter): AuditQuery {
  return { ...same, ...spanOf({ from, to }), ...(filter === undefined ? {} : { terms: termsOf(filter) }) };
}

/** The span of time that was asked for, in milliseconds since 1970. */
export function spanOf({ from, to }: { [End in keyof AuditSpanQuery]: AuditSpanQuery[End] | undefined }): {
  fromMs: number | undefined;
  toMs: number | undefined;
} {
  return {
    fromMs: from === undefined ? undefined : instantOf(from),
    toMs: to === undefined ? undefined : instantOf(to),
  };
}

function termsOf(filter: string): readonly AuditTerm[] {
  const { data } = auditTermsSchema.safeParse(parseJson(filter));
  if (data !== undefined) return data;
  throw new DomainError(
    'invalid_argument',
    'filter must be JSON, a list of conditions with 16 values at most, as /docs shows them. ' +
      'Example: [{"key":"action","any":["token."]},{"key":"actor","not":true,"any":["ann@example.com"]}]',
  );
}
