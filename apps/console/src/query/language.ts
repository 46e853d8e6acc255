/** What a search may name. Each page has its own fields; the grammar is the same everywhere. */
export interface QueryField {
  /** As it is written before the colon: small letters, with dots inside. */
  readonly key: string;
  /** Other words for it, which are printed as `key`. */
  readonly aliases?: readonly string[];
  /** `duration` is in milliseconds, `share` is a part of 1; both need a comparison. */
  readonly kind: 'text' | 'choice' | 'number' | 'duration' | 'share';
  /** All values of a `choice`. */
  readonly choices?: readonly string[];
  /** What it means, in a few words, for the list of keys. */
  readonly about: string;
  /** A whole term for the help, such as `duration:>50ms`. */
  readonly example: string;
}

/** The fields of a page, and what a word without a key stands for. */
export interface QueryLanguage {
  readonly fields: readonly QueryField[];
  /** The key of words that have none; left out where these mean nothing. */
  readonly free?: string;
}

export const COMPARISONS = ['>=', '<=', '>', '<'] as const;

export type Comparison = (typeof COMPARISONS)[number] | '=';

/** One condition. All conditions of a query must hold; `not` turns one around. */
export type QueryTerm =
  | { readonly key: string; readonly not: boolean; readonly any: readonly string[] }
  | { readonly key: string; readonly not: boolean; readonly compare: Comparison; readonly value: number };

/** Finds a field by its key or another word for it, in any case. */
export function fieldOf(language: QueryLanguage, word: string): QueryField | undefined {
  const key = word.toLowerCase();
  return language.fields.find((field) => field.key === key || field.aliases?.includes(key));
}
