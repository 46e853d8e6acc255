import type { Conversion, Placed } from './conversion.js';
import { lookUp, textOf } from './tree.js';

/** Variables that a part of the Flow sets for its process, by name. */
export type Variables = Readonly<Record<string, Placed>>;

const logLevels: Readonly<Record<string, string>> = {
  DEBUG: 'debug',
  INFO: 'info',
  SUCCESS: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
};

/**
 * Sets the log level and tells the rest, but for CUDA_VISIBLE_DEVICES, which is read with the devices.
 *
 * @param parts the strongest first: there is one process here, so a second log level has no place
 */
export function convertVariables(parts: readonly Variables[], result: Conversion): void {
  let chosen: string | undefined;
  for (const [name, { value, where }] of parts.flatMap((part) => Object.entries(part))) {
    if (name === 'CUDA_VISIBLE_DEVICES') continue;
    const level = name === 'JINA_LOG_LEVEL' ? lookUp(logLevels, String(textOf(value)).toUpperCase()) : undefined;
    if (level === undefined) result.leave(where, 'give variables to the process itself, where it knows them');
    else if (chosen === undefined) {
      chosen = level;
      result.set('log_level', level, where);
    } else if (level !== chosen) result.leave(where, `there is one level for the whole service; it is ${chosen}`);
  }
}
