import type { Schemas } from '../../api/client.js';
import type { Rights } from './could.js';
import type { Scope } from './search.js';

/** The rights of a token as they are typed. */
export interface RightsDraft {
  readonly scopes: readonly Scope[];
  readonly isEveryModel: boolean;
  readonly models: readonly string[];
  /** As typed: empty = no limit. */
  readonly limits: Readonly<Record<keyof Schemas['LimitsBody'], string>>;
}

/** What a new token has unless it is said otherwise: everything but administration, without limits. */
export const NEW_RIGHTS: RightsDraft = {
  scopes: ['encode', 'rank', 'index', 'search', 'models:read'],
  isEveryModel: true,
  models: [],
  limits: { requestsPerMinute: '', itemsPerDay: '', itemsInFlight: '' },
};

/** The draft that an edit of existing rights begins with. */
export function draftOf({ scopes, models, limits }: Rights): RightsDraft {
  const text = (value: number | undefined): string => (value === undefined ? '' : String(value));
  return {
    scopes,
    isEveryModel: models === null,
    models: models ?? [],
    limits: {
      requestsPerMinute: text(limits.requestsPerMinute),
      itemsPerDay: text(limits.itemsPerDay),
      itemsInFlight: text(limits.itemsInFlight),
    },
  };
}

/** The rights that a draft means; what cannot be read is left out, and told by `problemsOf`. */
export function rightsOf({ scopes, isEveryModel, models, limits }: RightsDraft): Rights {
  const read = Object.entries(limits).flatMap(([name, text]) => {
    const value = limitOf(text);
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
  return { scopes, models: isEveryModel ? null : models, limits: Object.fromEntries(read) };
}

/** What is wrong with a draft, by the field; empty when it can be sent. */
export function problemsOf({ scopes, isEveryModel, models, limits }: RightsDraft): Readonly<Record<string, string>> {
  return {
    ...(scopes.length === 0 ? { scopes: 'Tick at least one: a token that may do nothing is of no use.' } : {}),
    ...(!isEveryModel && models.length === 0 ? { models: 'Tick at least one model, or allow every model.' } : {}),
    ...Object.fromEntries(
      Object.entries(limits).flatMap(([name, text]) =>
        limitOf(text) === 'wrong' ? [[name, 'A whole number of at least 1, or nothing for no limit.']] : [],
      ),
    ),
  };
}

function limitOf(text: string): number | 'none' | 'wrong' {
  if (text.trim() === '') return 'none';
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 1 ? value : 'wrong';
}
