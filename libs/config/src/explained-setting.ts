import type { SettingSource } from './source.js';

/** How a setting is changed: `file` = by new files under the same path, `log-level` and `models` while it runs. */
export const SETTING_CHANGES = ['restart', 'file', 'log-level', 'models'] as const;

export type SettingChange = (typeof SETTING_CHANGES)[number];

/** One setting as it is in force, and where its value came from. It never holds a secret. */
export interface ExplainedSetting {
  /** The environment variable. */
  readonly name: string;
  /** The heading that it has in the manual. */
  readonly group: string;
  /** The key in a YAML file; null for the variables of OpenTelemetry. */
  readonly yaml: string | null;
  /** The argument of the command line; null for the same. */
  readonly flag: string | null;
  readonly doc: string;
  /** What is allowed, as the end of the sentence "must be …". */
  readonly allowed: string;
  /** Null where it is unset, or hidden. */
  readonly value: string | null;
  /** The text that the manual has for it; null = unset. */
  readonly default: string | null;
  readonly isSet: boolean;
  readonly isSecret: boolean;
  readonly source: SettingSource;
  /** Where exactly, such as `CAS_PORT` or `port in cas.yml, line 3`; null for a default. */
  readonly from: string | null;
  /** Where it is given too, without effect: a stronger source has it. */
  readonly overridden: readonly string[];
  readonly change: SettingChange;
}
