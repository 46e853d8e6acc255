import { SCOPE_LABELS, type Scope } from './search.js';

/** Every scope, in the order in which people read them. */
export const SCOPE_NAMES: readonly Scope[] = Object.keys(SCOPE_LABELS).filter((name): name is Scope =>
  Object.hasOwn(SCOPE_LABELS, name),
);
