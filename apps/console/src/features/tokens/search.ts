import type { Schemas } from '../../api/client.js';
import { addressField } from '../../format/address-text.js';

export type Condition = Schemas['TokenConditionView']['condition'];
export type Scope = Schemas['TokenView']['scopes'][number];

/** The conditions in the order in which a filter offers them, with their words. */
export const CONDITION_LABELS: Readonly<Record<Condition, string>> = {
  active: 'Active',
  unused: 'Unused',
  expires_soon: 'Expires soon',
  refused_often: 'Refused often',
  limited_often: 'Limited often',
  rotating: 'Rotating',
  playground: 'Playground',
  expired: 'Expired',
  revoked: 'Revoked',
};

/** The scopes with what each allows. */
export const SCOPE_LABELS: Readonly<Record<Scope, string>> = {
  encode: 'Turn texts and images into vectors',
  rank: 'Rank texts and images against each other',
  index: 'The compatible /index',
  search: 'The compatible /search',
  'models:read': 'See which models are served',
  'admin:*': 'Administer the service by the admin API',
};

export const ORDER_LABELS = {
  created: 'Newest first',
  lastUsed: 'Latest used first',
  expires: 'Next to expire first',
  name: 'By name',
} as const;
export type Order = keyof typeof ORDER_LABELS;

/** What the address of the list holds; what is left out does not narrow. */
export interface TokenSearch {
  readonly status?: Condition;
  readonly scope?: Scope;
  readonly model?: string;
  readonly name?: string;
  /** The id of an account, or `host`. */
  readonly owner?: string;
  readonly order?: Order;
  /** Also those that have ended. */
  readonly ended?: true;
  /** Whether the window for a new token is open. */
  readonly create?: true;
}

/** Takes of an address what is understood, and leaves the rest. */
export function parseTokenSearch(given: Record<string, unknown>): TokenSearch {
  const { status, scope, order } = given;
  return {
    ...(isKeyOf(CONDITION_LABELS, status) ? { status } : {}),
    ...(isKeyOf(SCOPE_LABELS, scope) ? { scope } : {}),
    ...(isKeyOf(ORDER_LABELS, order) ? { order } : {}),
    ...addressField('model', given['model']),
    ...addressField('name', given['name']),
    ...addressField('owner', given['owner']),
    ...(given['ended'] === true ? { ended: true } : {}),
    ...(given['create'] === true ? { create: true } : {}),
  };
}

const PREFIX = 'cas_pat_';

/** What may be searched for: of a whole token that was pasted only its public part, since addresses are kept. */
export function searchable(name: string): string {
  const trimmed = name.trim();
  return trimmed.startsWith(PREFIX) ? trimmed.slice(0, PREFIX.length + 12) : name;
}

function isKeyOf<Key extends string>(table: Readonly<Record<Key, string>>, value: unknown): value is Key {
  return typeof value === 'string' && Object.hasOwn(table, value);
}
