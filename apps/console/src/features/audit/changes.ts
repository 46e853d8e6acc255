/** One field of what was changed. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly isChanged: boolean;
}

/** Deeper parts are shown as JSON: nobody reads a path of ten names. */
const DEPTH_MAX = 3;
const FIELDS_MAX = 400;

/** All fields of a change, those that differ first. Null = the field was or is not there. */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  const [old, now] = [new Map(fieldsOf(before, '', 0)), new Map(fieldsOf(after, '', 0))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .slice(0, FIELDS_MAX)
    .map((field) => {
      const [was, is] = [old.get(field) ?? null, now.get(field) ?? null];
      return { field, before: was, after: is, isChanged: was !== is };
    })
    .sort((a, b) => Number(b.isChanged) - Number(a.isChanged));
}

function fieldsOf(value: unknown, path: string, depth: number): [string, string][] {
  if (value === null || value === undefined) return path === '' ? [] : [[path.replace(/(At|Until)Ms$/, '$1'), 'none']];
  if (typeof value === 'number' && /(At|Until)Ms$/.test(path)) return [[path.slice(0, -2), instantText(value)]];
  if (typeof value !== 'object' || depth >= DEPTH_MAX || isFlatList(value))
    return [[path === '' ? 'value' : path, textOf(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    fieldsOf(inner, path === '' ? key : `${path} · ${key}`, depth + 1),
  );
}

/** Times are stored as milliseconds; a number that is none is shown as it is. */
function instantText(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}

function isFlatList(value: object): boolean {
  return Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && isFlatList(value)) return value.length === 0 ? 'none' : value.join(', ');
  return JSON.stringify(value);
}
