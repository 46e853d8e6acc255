/** A parsed YAML map. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `value` if it is a map, else an empty one. */
export function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}

/** A text without spaces around it, or a number in digits; undefined for all else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : undefined;
}

/** The entry of a table for a key of a foreign file, which may be `constructor`. */
export function lookUp(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A boolean, also in the text that a variable gave (`True`); undefined for all else. */
export function truthOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

/** `value` if it is a list, a list of one for a single value, an empty list for nothing. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Makes a name of a foreign file fit for a terminal: one line, no control characters, at most 80 characters. */
export function shown(text: string): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
