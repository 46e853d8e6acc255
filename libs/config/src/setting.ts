import type { Kind } from './kinds.js';

/** One declared setting. Its names follow from its key: `opsPort` is CAS_OPS_PORT, `ops_port` and `--ops-port`. */
export interface Setting<T> {
  readonly kind: Kind<NonNullable<T>>;
  /** Parsed like any other value, so it is also what help shows. Absent = unset unless given. */
  readonly default?: string;
  /** What help shows where the default's text depends on the machine. */
  readonly defaultShown?: string;
  /** What it is for, in a sentence or two. */
  readonly doc: string;
}

/** A setting that always has a value. */
export function setting<T>(
  kind: Kind<T & NonNullable<unknown>>,
  defaultText: string,
  doc: string,
  defaultShown = defaultText,
): Setting<T> {
  return { kind, default: defaultText, defaultShown, doc };
}

/** A setting that is `undefined` unless someone gives it. */
export function optional<T>(kind: Kind<T & NonNullable<unknown>>, doc: string): Setting<T | undefined> {
  return { kind, doc };
}

/** `opsPort` → `ops_port`: the key in a YAML file. */
export function yamlKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `opsPort` → `CAS_OPS_PORT`: the environment variable. */
export function environmentName(key: string): string {
  return `CAS_${yamlKey(key).toUpperCase()}`;
}

/** `opsPort` → `--ops-port`: the command-line flag. */
export function flagName(key: string): string {
  return `--${yamlKey(key).replaceAll('_', '-')}`;
}
