/** A YAML map, as it was parsed. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The map that a key should hold; an empty one where it holds something else, or nothing. */
export function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}

/** A text, or a number in digits; undefined for all else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : undefined;
}

/** The entry of a table of ours for a key of a foreign file, which may be `constructor`. */
export function lookUp(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A truth value, also where a variable gave it as a text (`True`); undefined for all else. */
export function truthOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

/** A list as it is, and a single value as a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A name from a foreign file as a terminal can show it: on one line, without control characters, not endless. */
export function shown(text: string): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
