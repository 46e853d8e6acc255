import { addressField } from '../../format/address-text.js';
import type { QueryTerm } from '../../query/language.js';
import { printTerm } from '../../query/print.js';
import { AUDIT } from './language.js';

/** What the address of the audit page holds. */
export interface AuditSearch {
  /** The query, as it is typed. */
  readonly q?: string;
  /** Days, such as `2026-01-31`; both are included. */
  readonly from?: string;
  readonly to?: string;
  /** The number of the event whose details are open. */
  readonly event?: number;
}

/** Each was a part of the address of its own, and still is understood as one. */
const WORDS_OF_THEIR_OWN = ['actor', 'action', 'target'] as const;

/** Reads the address; what is not understood is left out. */
export function auditSearchOf(search: Record<string, unknown>): AuditSearch {
  const event = Number(search['event']);
  return {
    ...addressField('q', queryIn(search), Number.POSITIVE_INFINITY), // a query that is cut would be another one
    ...day('from', search['from']),
    ...day('to', search['to']),
    ...(Number.isSafeInteger(event) && event > 0 ? { event } : {}),
  };
}

/** What the API is asked for. */
export function auditFilterOf(
  terms: readonly QueryTerm[],
  { from, to }: AuditSearch,
): { filter?: string; from?: string; to?: string } {
  return {
    ...(terms.length === 0 ? {} : { filter: JSON.stringify(terms) }),
    ...(from === undefined ? {} : { from: `${from}T00:00:00Z` }),
    ...(to === undefined ? {} : { to: `${to}T23:59:59.999Z` }),
  };
}

function queryIn(search: Record<string, unknown>): string {
  const { q = '' } = addressField('q', search['q'], Number.POSITIVE_INFINITY);
  const terms = WORDS_OF_THEIR_OWN.flatMap((key) => {
    const value = addressField('value', search[key], 400).value;
    return value === undefined ? [] : [printTerm({ key, not: false, any: [value] }, AUDIT)];
  });
  return [q, ...terms].filter((part) => part !== '').join(' ');
}

function day<Key extends string>(key: Key, value: unknown): { [Name in Key]?: string } {
  return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
    ? addressField(key, value, 10)
    : {};
}
