import 'reflect-metadata';
import { helpText, loadSettings, SettingsError, wantsHelp } from '#config';
import { DomainError } from '#core';
import { startService } from './start-service.js';

/** Exit status for settings that cannot be used (sysexits.h EX_CONFIG). */
const EXIT_CONFIG = 78;

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (wantsHelp(argv)) {
    process.stdout.write(`${helpText()}\n`);
    return;
  }
  await startService(loadSettings(argv, process.env, process.cwd()));
}

main().catch((err: unknown) => {
  const isSettings = err instanceof SettingsError;
  const text = isSettings || err instanceof DomainError ? err.message : err instanceof Error ? err.stack : String(err);
  process.stderr.write(`${text}\n`, () => process.exit(isSettings ? EXIT_CONFIG : 1));
});
