import { z } from 'zod';
import { isScope, type Scope, type UsageLimits } from '#core';

const list = z.array(z.unknown());
const limit = z.number().exactOptional();
const limits = z.object({ requestsPerMinute: limit, itemsPerDay: limit, itemsInFlight: limit } satisfies Record<
  keyof UsageLimits,
  typeof limit
>);

/** The scopes in a column. A scope that a newer version wrote and this one does not know grants nothing. */
export function readScopes(column: string): readonly Scope[] {
  return read(list, column).filter(isScope);
}

/** The models in a column; null allows every model. */
export function readModels(column: string | null): readonly string[] | null {
  return column === null ? null : read(list, column).filter((model) => typeof model === 'string');
}

/**
 * The limits in a column.
 *
 * @throws TypeError for anything that this code never writes: a token without its limits would be worse
 */
export function readLimits(column: string): UsageLimits {
  return read(limits, column);
}

function read<Schema extends z.ZodType>(schema: Schema, column: string): z.output<Schema> {
  const { success, data, error } = schema.safeParse(JSON.parse(column));
  if (success) return data;
  throw new TypeError(`A column of a token does not hold what this code writes: ${z.prettifyError(error)}`);
}
