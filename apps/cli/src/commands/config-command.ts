import type { Command } from 'commander';
import { explainSettings } from '#config';
import { AdminClient } from '../backend/admin-client.js';
import { parseAnswer, settingsAnswer, type SettingAnswer } from '../backend/answers.js';
import { hostSettings, serviceEnvironment } from '../backend/host-settings.js';
import { serverOf } from '../backend/open-backend.js';
import type { CommandTools } from '../command-tools.js';
import { table } from '../terminal/table.js';

/** `cas config`: the settings of the service, and where each value came from. */
export function addConfigCommand(program: Command, tools: CommandTools): void {
  const command = program
    .command('config [word]')
    .description('Shows the settings that are in force here or at an admin API, and where each value came from')
    .option('--changed', 'Only those that do not have their default');
  command.action(async (word?: string) => {
    const { changed, ...where } = tools.optionsOf<{ changed?: boolean }>(command);
    const server = serverOf(where, tools.surroundings.env);
    const all = server === undefined ? settingsHere(tools) : await settingsAt(server);
    const shown = all.filter(
      ({ name, source }) =>
        (changed !== true || source !== 'default') && has(name, word?.toUpperCase().replaceAll('-', '_')),
    );
    tools.answer(command, { json: { settings: shown }, text: shown.length === 0 ? '' : textOf(shown) });
    if (shown.length === 0) tools.say(command, 'No setting is like that; "cas config" shows all.');
  });
}

function settingsHere({ surroundings }: CommandTools): readonly SettingAnswer[] {
  hostSettings(surroundings); // refuses what would also stop the start of the service
  return explainSettings([], serviceEnvironment(surroundings.env), surroundings.cwd);
}

async function settingsAt({ url, token }: { url: string; token: string }): Promise<readonly SettingAnswer[]> {
  return parseAnswer(settingsAnswer, await AdminClient.withToken(url, token).json('/api/settings')).settings;
}

function has(name: string, word: string | undefined): boolean {
  return word === undefined || name.includes(word);
}

function textOf(settings: readonly SettingAnswer[]): string {
  return table(
    ['SETTING', 'VALUE', 'FROM'],
    settings.map((setting) => [setting.name, valueOf(setting), setting.from ?? 'default']),
  );
}

function valueOf({ value, isSet }: SettingAnswer): string {
  if (value !== null) return value;
  return isSet ? '(set, not shown)' : '(unset)';
}
