import type { Schemas } from '../../api/client.js';
import type { Rights } from './could.js';
import { mutableRights } from './mutable-rights.js';
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

/** The draft `mine`, begun from `before`, on top of what somebody has changed meanwhile: the untouched rest follows. */
export function rebased(mine: RightsDraft, before: RightsDraft, now: RightsDraft): RightsDraft {
  const pick = <Value>(own: Value, base: Value, latest: Value): Value => (isSame(own, base) ? latest : own);
  const limit = (name: keyof RightsDraft['limits']) => pick(mine.limits[name], before.limits[name], now.limits[name]);
  const isModelsMine = mine.isEveryModel !== before.isEveryModel || !isSame(mine.models, before.models);
  const { isEveryModel, models } = isModelsMine ? mine : now;
  return {
    scopes: pick(mine.scopes, before.scopes, now.scopes),
    ...{ isEveryModel, models },
    limits: {
      requestsPerMinute: limit('requestsPerMinute'),
      itemsPerDay: limit('itemsPerDay'),
      itemsInFlight: limit('itemsInFlight'),
    },
  };
}

/** The parts of `after` that are not as `before`: sending the rest, too, would undo what others change. */
export function changedRights(before: Rights, after: Rights): Partial<ReturnType<typeof mutableRights>> {
  const { scopes, models, limits } = mutableRights(after);
  return {
    ...(isSame(before.scopes, after.scopes) ? {} : { scopes }),
    ...(isSame(before.models, after.models) ? {} : { models }),
    ...(isSame(Object.entries(before.limits).sort(), Object.entries(after.limits).sort()) ? {} : { limits }),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
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
