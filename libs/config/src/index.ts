export { inFlightBytes, isLoopback, requiresTokens } from './checks.js';
export { explainSettings, fingerprintOf } from './explain-settings.js';
export { SETTING_CHANGES, type ExplainedSetting, type SettingChange } from './explained-setting.js';
export { wantsHelp } from './flag-source.js';
export { helpText } from './help.js';
export { loadSettings, redactedSettings, SettingsError } from './load-settings.js';
export { loadOpenTelemetry, type OpenTelemetrySettings } from './open-telemetry.js';
export { SETTING_SOURCES, type SettingSource } from './source.js';
export type { Settings } from './settings.js';
