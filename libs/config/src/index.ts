export { inFlightBytes, isLoopback, requiresTokens } from './checks.js';
export { wantsHelp } from './flag-source.js';
export { helpText } from './help.js';
export { loadSettings, redactedSettings, SettingsError } from './load-settings.js';
export { loadOpenTelemetry, type OpenTelemetrySettings } from './open-telemetry.js';
export type { Settings } from './settings.js';
