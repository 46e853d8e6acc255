import { explainSettings, helpText, loadOpenTelemetry, loadSettings, SettingsError, wantsHelp } from '#config';
import { DomainError, type ErrorCode } from '#core';
import type { Roles } from './roles.js';
import { startService } from './start-service.js';

/** Exit status for settings that cannot be used (sysexits.h EX_CONFIG). */
const EXIT_CONFIG = 78;

/** Failures that the settings cause: an unchanged start fails again. */
const OF_SETTINGS: readonly ErrorCode[] = ['invalid_argument', 'model_unknown'];

/**
 * Runs a whole process: reads the settings from arguments, environment and file, then starts the parts that `roles`
 * names. When the start fails, stderr gets the error with its reason for operators, and the process ends with status 78
 * when a setting is to blame, else with 1.
 */
export function runApp(roles: Roles): void {
  run(roles).catch((err: unknown) => {
    const isSettings = err instanceof SettingsError || (err instanceof DomainError && OF_SETTINGS.includes(err.code));
    process.stderr.write(`${failureText(err)}\n`, () => process.exit(isSettings ? EXIT_CONFIG : 1));
  });
}

function failureText(err: unknown): string {
  if (err instanceof SettingsError) return err.message;
  if (!(err instanceof DomainError)) return (err instanceof Error ? err.stack : undefined) ?? String(err);
  const reason = err.internal;
  return reason === undefined || err.message.includes(reason) ? err.message : `${err.message}\n  Reason: ${reason}`;
}

async function run(roles: Roles): Promise<void> {
  const argv = process.argv.slice(2);
  if (wantsHelp(argv)) {
    process.stdout.write(`${helpText()}\n`);
    return;
  }
  const settings = loadSettings(argv, process.env, process.cwd());
  const explained = explainSettings(argv, process.env, process.cwd());
  await startService(settings, loadOpenTelemetry(process.env), roles, explained);
}
