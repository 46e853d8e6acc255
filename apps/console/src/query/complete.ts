import { fieldOf, type QueryLanguage } from './language.js';
import { printTerm } from './print.js';
import { scan } from './scan.js';

/** Something that may be written at a place. */
export interface Suggestion {
  /** What replaces the text between `from` and `to`. */
  readonly insert: string;
  readonly label: string;
  readonly about: string;
}

/** What may be written where the cursor is. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

const SUGGESTIONS_MAX = 12;

/**
 * Suggests keys, or after a colon the values of the key. `valuesOf` knows values that occur, the most frequent first;
 * those of choices are known anyway.
 */
export function complete(
  text: string,
  cursor: number,
  language: QueryLanguage,
  valuesOf: (key: string) => readonly { readonly value: string; readonly about?: string }[],
): Completion {
  const term = scan(text).find(({ from, to }) => cursor > from && cursor <= to);
  const from = term?.from ?? cursor;
  const sign = term?.not === true ? '-' : '';
  const field = term?.key === undefined ? undefined : fieldOf(language, term.key.text);
  if (term?.key !== undefined && cursor > term.key.to) {
    if (field === undefined) return { from, to: cursor, suggestions: [] };
    const word = term.words.find((candidate) => cursor >= candidate.from && cursor <= candidate.to);
    const start = word?.from ?? cursor;
    const typed = text.slice(start, cursor).replace(/^"/, '').toLowerCase();
    const known = valuesOf(field.key);
    const all = [...known, ...(field.choices ?? []).map((value) => ({ value, about: '' }))];
    const distinct = all.filter(({ value }, at) => all.findIndex((other) => other.value === value) === at);
    const suggestions = distinct
      .filter(({ value }) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
      .map(({ value, about = '' }) => ({ insert: valueOf(value, field.key, language), label: value, about }));
    if (suggestions.length === 0 && typed === '' && field.choices === undefined) {
      return { from: start, to: cursor, suggestions: [exampleOf(field)] };
    }
    return { from: start, to: word?.to ?? cursor, suggestions: suggestions.slice(0, SUGGESTIONS_MAX) };
  }
  const typed = text.slice(from + sign.length, cursor).toLowerCase();
  const suggestions = language.fields
    .filter(({ key, aliases = [] }) => [key, ...aliases].some((word) => word.startsWith(typed)))
    .map(({ key, about }) => ({ insert: `${sign}${key}:`, label: `${key}:`, about }));
  return { from, to: cursor, suggestions: suggestions.slice(0, SUGGESTIONS_MAX) };
}

function valueOf(value: string, key: string, language: QueryLanguage): string {
  const printed = printTerm({ key, not: false, any: [value] }, { fields: language.fields });
  return printed.slice(key.length + 1);
}

function exampleOf({ example, about, key }: { example: string; about: string; key: string }): Suggestion {
  return { insert: example.slice(key.length + 1), label: example, about };
}
