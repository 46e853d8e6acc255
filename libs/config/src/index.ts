export { inFlightBytes, isLoopback, requiresTokens } from './checks.js';
export { wantsHelp } from './flag-source.js';
export { helpText } from './help.js';
export { loadSettings } from './load-settings.js';
export { redactedSettings } from './redacted-settings.js';
export type { Settings } from './settings.js';
export { SettingsError } from './settings-error.js';
