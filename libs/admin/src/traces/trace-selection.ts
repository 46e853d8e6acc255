import type { TokenRecord } from '#auth';
import { DomainError, parseJson } from '#core';
import { traceTermsSchema, type TraceQuery, type TraceTerm } from '#telemetry';
import { instantOf } from '../http/instant.js';
import { parseCursor } from './trace-cursor.js';
import { PAGE_TRACES, type TraceFilter } from './trace.dto.js';

/**
 * Makes a search of what was asked for; whose requests it may find is added by the caller. Conditions may call tokens
 * by their names, as far as the caller may see these: `tokens`.
 *
 * @throws DomainError `invalid_argument` for what says nothing, or cannot hold
 */
export function queryOf(asked: TraceFilter, tokens: readonly TokenRecord[]): TraceQuery {
  const { traceId, from, to, cursor, filter, limit = PAGE_TRACES, token: _, ...same } = asked;
  const [fromMs, toMs] = [from, to].map((text) => (text === undefined ? undefined : instantOf(text)));
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new DomainError('invalid_argument', 'from must be before to.');
  }
  return {
    ...same,
    ...(traceId === undefined ? {} : { traceIds: [traceId] }),
    ...{ fromMs, toMs, limit },
    ...(cursor === undefined ? {} : { after: parseCursor(cursor) }),
    ...(filter === undefined ? {} : { terms: termsOf(filter).map((term) => withTokenIds(term, tokens)) }),
  };
}

/** Puts ids in the place of names; a name that several tokens have stands for all of them. */
function withTokenIds(term: TraceTerm, tokens: readonly TokenRecord[]): TraceTerm {
  if (term.key !== 'token') return term;
  const any = term.any.flatMap((word) => {
    const named = tokens.filter(({ id, name }) => name === word && id !== word);
    return [word, ...named.map(({ id }) => id)];
  });
  return { ...term, any };
}

function termsOf(filter: string): readonly TraceTerm[] {
  const { data, error } = traceTermsSchema.safeParse(parseJson(filter));
  if (data !== undefined) return data;
  const [at] = error.issues[0]?.path ?? [];
  const where = typeof at === 'number' ? `: its condition ${at + 1} cannot be read` : '';
  throw new DomainError(
    'invalid_argument',
    `filter must be JSON, a list of conditions as /docs shows them${where}. ` +
      'Example: [{"key":"model","any":["clip"]},{"key":"duration","compare":">","value":50}]',
  );
}
