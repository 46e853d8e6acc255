import { createModelStore, type ModelStore, progressReporter } from '#models';
import type { Settings } from '#config';
import { systemClock } from '#core';
import { isPrettyLog, type Log } from '#telemetry';

/**
 * Where the models' files are: CAS_MODEL_DIR, and the cache, which is filled from the hub. A download shows as a bar where people
 * read, and as log lines elsewhere. Close it at the end of the process.
 */
export function modelFolders(settings: Settings, log: Log): ModelStore {
  const isTerminal = process.stderr.isTTY && isPrettyLog(settings.logFormat);
  const observe = progressReporter({
    terminal: isTerminal ? process.stderr : undefined,
    line: (text) => log.info(`models: ${text}`),
    clock: systemClock,
  });
  return createModelStore({ ...settings, observe });
}
