import { isScope, USAGE_LIMIT_NAMES, type Scope, type UsageLimits } from '#core';

/** The scopes in a column. One that this version does not know (a newer version wrote it) grants nothing. */
export function readScopes(column: string): readonly Scope[] {
  return readArray(column).filter(isScope);
}

/** The models in a column; null allows every model. */
export function readModels(column: string | null): readonly string[] | null {
  return column === null ? null : readArray(column).filter((model) => typeof model === 'string');
}

/**
 * The limits in a column.
 *
 * @throws TypeError for what this code never wrote: a token without the limits it should have would be worse
 */
export function readLimits(column: string): UsageLimits {
  const parsed: unknown = JSON.parse(column);
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('The limits of a token are no object.');
  const given = new Map<string, unknown>(Object.entries(parsed));
  const limits: { -readonly [name in keyof UsageLimits]: number } = {};
  for (const name of USAGE_LIMIT_NAMES) {
    const limit = given.get(name);
    if (limit === undefined) continue;
    if (typeof limit !== 'number') throw new TypeError('A limit of a token is no number.');
    limits[name] = limit;
  }
  return limits;
}

function readArray(column: string): unknown[] {
  const parsed: unknown = JSON.parse(column);
  if (!Array.isArray(parsed)) throw new TypeError('A column of a token holds no JSON array.');
  return parsed;
}
