import type { ExplainedSetting } from './explained-setting.js';

/**
 * The values that are not defaults, by name, for comparing processes: `(set)` for a secret whose value is hidden, null
 * for what was given and is unset.
 */
export function changedSettings(settings: readonly ExplainedSetting[]): Record<string, string | null> {
  const changed = settings.filter(({ source }) => source !== 'default');
  return Object.fromEntries(changed.map(({ name, value, isSet }) => [name, value ?? (isSet ? '(set)' : null)]));
}
