import { addressField } from '../../format/address-text.js';

/** What the address of the settings page holds. */
export interface SettingsSearch {
  /** Words that a setting must have. */
  readonly q?: string;
  /** `changed`: only what does not have its default. */
  readonly show?: 'changed';
}

/** Reads the address; what is not understood is left out. */
export function settingsSearchOf(search: Record<string, unknown>): SettingsSearch {
  const { q, show } = search;
  return {
    ...addressField('q', q, 100),
    ...(show === 'changed' ? { show } : {}),
  };
}
