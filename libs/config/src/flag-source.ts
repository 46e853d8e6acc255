import { yesOrNo } from './kinds.js';
import { flagName } from './setting.js';
import { SETTING_KEYS, settingOf } from './settings.js';
import { unknownName, type Given, type Source } from './source.js';

export interface FlagSource extends Source {
  /** What `--config` named. */
  readonly configFile?: string;
}

/** Whether the caller asked for help instead of a start. */
export function wantsHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h');
}

/**
 * Reads `--name value` and `--name=value`; a switch such as `--allow-private-fetch` may stand alone. The last one wins.
 */
export function readFlags(argv: readonly string[], cwd: string): FlagSource {
  const given: Given[] = [];
  const problems: string[] = [];
  let configFile: string | undefined;
  for (let at = 0; at < argv.length; at += 1) {
    const [flag = '', inline] = splitOnce(argv[at] ?? '');
    const key = SETTING_KEYS.find((candidate) => flagName(candidate) === flag);
    if (key === undefined && flag !== '--config') {
      problems.push(unknownFlag(flag));
      if (isValue(argv[at + 1]) && flag.startsWith('--') && inline === undefined) at += 1;
      continue;
    }
    const following = inline === undefined && isValue(argv[at + 1]) ? argv[(at += 1)] : inline;
    const text = following ?? (key !== undefined && settingOf(key)?.kind === yesOrNo ? 'true' : undefined);
    if (text === undefined || text === '') problems.push(`${flag} needs a value after it`);
    else if (key === undefined) configFile = text;
    else given.push({ key, text, writtenAs: flag, source: 'argument', baseDir: cwd });
  }
  return { given, problems, ...(configFile === undefined ? {} : { configFile }) };
}

function splitOnce(argument: string): [string, string | undefined] {
  const equals = argument.indexOf('=');
  return equals < 0 ? [argument, undefined] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

function isValue(argument: string | undefined): boolean {
  return argument !== undefined && !argument.startsWith('--');
}

function unknownFlag(flag: string): string {
  if (!flag.startsWith('--')) return `"${flag}" is not expected there; settings are given as --name value`;
  return unknownName(flag, '', ['--config', '--help', ...SETTING_KEYS.map(flagName)]);
}
