import type { QueryTerm } from './language.js';

/** How a value stands in a query. */
export type Standing = 'included' | 'excluded' | 'open';

/** Whether a query asks for a value of a key, or against it. */
export function standingOf(terms: readonly QueryTerm[], key: string, value: string): Standing {
  const term = terms.find((candidate) => candidate.key === key && 'any' in candidate && candidate.any.includes(value));
  return term === undefined ? 'open' : term.not ? 'excluded' : 'included';
}

/**
 * Asks for a value, or no more when it was asked for: `include` a second value of the same key is "this or that", since
 * both at once would match nothing.
 */
export function include(terms: readonly QueryTerm[], key: string, value: string): readonly QueryTerm[] {
  return toggle(terms, key, value, false);
}

/** Asks for what does not have a value, or no more when it did. */
export function exclude(terms: readonly QueryTerm[], key: string, value: string): readonly QueryTerm[] {
  return toggle(terms, key, value, true);
}

/** Asks for one value of a key alone, whatever was asked for it before. */
export function replace(terms: readonly QueryTerm[], term: QueryTerm): readonly QueryTerm[] {
  return [...terms.filter(({ key }) => key !== term.key), term];
}

function toggle(terms: readonly QueryTerm[], key: string, value: string, not: boolean): readonly QueryTerm[] {
  const was = standingOf(terms, key, value);
  const rest = terms.flatMap((term) => without(term, key, value));
  if (was === (not ? 'excluded' : 'included')) return rest;
  const at = rest.findIndex((term) => term.key === key && term.not === not && 'any' in term);
  const known = rest[at];
  if (known === undefined || !('any' in known)) return [...rest, { key, not, any: [value] }];
  return rest.with(at, { ...known, any: [...known.any, value] });
}

function without(term: QueryTerm, key: string, value: string): QueryTerm[] {
  if (term.key !== key || !('any' in term)) return [term];
  const any = term.any.filter((other) => other !== value);
  return any.length === 0 ? [] : [{ ...term, any }];
}
