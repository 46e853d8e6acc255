import type { Kind } from './kinds.js';

/** The value of a setting as people may see it; null where it is hidden. */
export function hiddenOrShown(kind: Kind<unknown>, value: unknown): string | null {
  if (kind.shown !== undefined) return kind.shown(value);
  if (kind.isSecret === true) return null;
  return Array.isArray(value) ? value.join(',') : String(value);
}
