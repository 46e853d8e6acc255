import type { Schemas } from '../../api/client.js';
import { formatCount } from '../../format/format.js';
import { SCOPE_LABELS, type Scope } from './search.js';

/** What decides what a token may do. */
export interface Rights {
  readonly scopes: readonly Scope[];
  /** null = every model. */
  readonly models: readonly string[] | null;
  readonly limits: Schemas['LimitsBody'];
}

const COULD: Readonly<Record<Scope, string>> = {
  encode: 'turn texts and images into vectors',
  rank: 'rank texts and images against each other',
  index: 'use the compatible /index',
  search: 'use the compatible /search',
  'models:read': 'see which models are served',
  'admin:*': 'administer the service: make tokens, invite people, change models',
};

/** What a token with these rights could do, and what it could not, a phrase each: “it could …”, “it could not …”. */
export function describeRights({ scopes, models, limits }: Rights): {
  could: readonly string[];
  couldNot: readonly string[];
} {
  const all = Object.keys(SCOPE_LABELS).filter((scope) => isScope(scope));
  const uses = all.filter((scope) => USES_MODELS.includes(scope) && scopes.includes(scope));
  const limited = uses.length === 0 ? [] : limitWords(limits);
  return {
    could: [
      ...all.filter((scope) => scopes.includes(scope)).map((scope) => COULD[scope]),
      ...(uses.length === 0
        ? []
        : [models === null ? 'use every model, also those of tomorrow' : `use ${listed(models)}`]),
    ],
    couldNot: [
      ...all.filter((scope) => !scopes.includes(scope)).map((scope) => COULD[scope]),
      ...(uses.length > 0 && models !== null ? ['use any other model'] : []),
      ...limited,
    ],
  };
}

const USES_MODELS: readonly Scope[] = ['encode', 'rank', 'index', 'search'];

function limitWords({ requestsPerMinute, itemsPerDay, itemsInFlight }: Schemas['LimitsBody']): string[] {
  return [
    ...(requestsPerMinute === undefined ? [] : [`send more than ${formatCount(requestsPerMinute)} requests a minute`]),
    ...(itemsPerDay === undefined ? [] : [`have more than ${formatCount(itemsPerDay)} texts and images a day`]),
    ...(itemsInFlight === undefined
      ? []
      : [`have more than ${formatCount(itemsInFlight)} of them worked on at a time`]),
  ];
}

function listed(names: readonly string[]): string {
  const [first, ...more] = names;
  if (first === undefined) return 'no model';
  return more.length === 0
    ? `the model ${first}`
    : `the models ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPE_LABELS, name);
}
