import type { Command } from 'commander';
import { createModelStore, type ModelStore, progressReporter } from '#models';
import type { Settings } from '#config';
import { systemClock } from '#core';
import { hostSettings } from '../backend/host-settings.js';
import type { CommandTools } from '../command-tools.js';

/** The settings of the service that the commands need. */
export type ModelSettings = Pick<
  Settings,
  'modelDir' | 'dataDir' | 'hubUrl' | 'hubToken' | 'offline' | 'modelCacheBytesMax'
>;

/**
 * Opens the store that the service has with the same settings, and closes it after `work`. Reports downloads on stderr:
 * by a bar on a terminal, by lines elsewhere, not at all with `--json`.
 *
 * @throws DomainError `invalid_argument` for `--url`
 */
export async function onModelStore<T>(
  command: Command,
  tools: CommandTools,
  work: (store: ModelStore, settings: ModelSettings) => Promise<T>,
): Promise<T> {
  tools.requireHost(command);
  const settings: ModelSettings = hostSettings(tools.surroundings);
  const { stderr } = tools.surroundings;
  const isTerminal = stderr.isTTY && tools.optionsOf(command).json !== true;
  const observe = progressReporter({
    terminal: isTerminal ? stderr : undefined,
    line: (text) => tools.say(command, text),
    clock: systemClock,
  });
  const store = createModelStore({ ...settings, observe });
  try {
    return await work(store, settings);
  } finally {
    await store.close();
  }
}
