import { environmentName } from './setting.js';
import { settingOf, type Settings } from './settings.js';

/** The settings as an audit may keep them, by environment name: a secret is only said to be set or not. */
export function redactedSettings(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const isHidden = settingOf(key)?.kind.isSecret === true && value !== undefined;
      return [environmentName(key), isHidden ? '(set)' : (value ?? null)];
    }),
  );
}
