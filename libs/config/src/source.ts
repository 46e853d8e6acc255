import { nearest } from '#core';

/** What can give a setting its value, from the weakest to the strongest. */
export const SETTING_SOURCES = ['default', 'file', 'environment', 'argument'] as const;

export type SettingSource = (typeof SETTING_SOURCES)[number];

/** A value as one source gave it, before it is parsed. */
export interface Given {
  readonly key: string;
  readonly text: string;
  /** How the operator wrote it: `CAS_PORT`, `--port`, `port in cas.yml`. */
  readonly writtenAs: string;
  readonly source: SettingSource;
  /** Where it stands in its file, from 1; undefined for what comes from none. */
  readonly line?: number;
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
