import { addressField } from '../../format/address-text.js';

/** What the address of the audit page holds. */
export interface AuditSearch {
  /** Id or name of who made the change. */
  readonly actor?: string;
  /** An action, or its beginning: `token.`. */
  readonly action?: string;
  /** Id or name of what was changed. */
  readonly target?: string;
  /** Days, such as `2026-01-31`; both are included. */
  readonly from?: string;
  readonly to?: string;
  /** The number of the event whose details are open. */
  readonly event?: number;
}

/** Reads the address; what is not understood is left out. */
export function auditSearchOf(search: Record<string, unknown>): AuditSearch {
  const event = Number(search['event']);
  return {
    ...addressField('actor', search['actor'], 400),
    ...addressField('action', search['action'], 60),
    ...addressField('target', search['target'], 400),
    ...day('from', search['from']),
    ...day('to', search['to']),
    ...(Number.isSafeInteger(event) && event > 0 ? { event } : {}),
  };
}

/** What the API is asked for. */
export function auditFilterOf({ from, to, event: _, ...filter }: AuditSearch): {
  actor?: string;
  action?: string;
  target?: string;
  from?: string;
  to?: string;
} {
  return {
    ...filter,
    ...(from === undefined ? {} : { from: `${from}T00:00:00Z` }),
    ...(to === undefined ? {} : { to: `${to}T23:59:59.999Z` }),
  };
}

function day<Key extends string>(key: Key, value: unknown): { [Name in Key]?: string } {
  return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
    ? addressField(key, value, 10)
    : {};
}
