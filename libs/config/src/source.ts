import { nearest } from '#core';

/** A value as one source gave it, before it is parsed. */
export interface Given {
  readonly key: string;
  readonly text: string;
  /** How the operator wrote it: `CAS_PORT`, `--port`, `port in cas.yml`. */
  readonly writtenAs: string;
  /** Where relative paths start. */
  readonly baseDir: string;
}

/** What one source holds, and what is wrong with its form. */
export interface Source {
  readonly given: readonly Given[];
  readonly problems: readonly string[];
}

/** The sentence for a name that is no setting. It offers the likeliest one. */
export function unknownName(written: string, where: string, known: readonly string[]): string {
  const meant = nearest(written, known);
  const hint = meant === undefined ? '--help lists them all' : `did you mean ${meant}?`;
  return `${written}${where}is not a setting; ${hint}`;
}
