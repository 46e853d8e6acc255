import { crossChecks } from './checks.js';
import type { Kind } from './kinds.js';
import { readSources } from './read-sources.js';
import { environmentName } from './setting.js';
import { SETTINGS, settingOf, type Settings } from './settings.js';
import { hiddenOrShown } from './shown-value.js';
import type { Given } from './source.js';

/**
 * Reads the settings of this process: defaults < YAML file < environment < flags. It checks every given value, also one
 * that a stronger source overrides, so that no wrong value stays to be found later.
 *
 * @param argv the arguments after the script's name
 * @param cwd where `cas.yml` is looked for and relative paths start
 * @throws SettingsError with every problem at once
 * @example const settings = loadSettings(process.argv.slice(2), process.env, process.cwd());
 */
export function loadSettings(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Settings {
  const sources = readSources(argv, env, cwd);
  const problems = [...sources.problems];
  const values = parseAll(sources.given, problems);
  if (problems.length === 0) problems.push(...crossChecks(values));
  if (problems.length > 0) throw new SettingsError(problems);
  return values;
}

/** Parses in the order of strength, so that the last good value of a key stays. Keys without one are undefined. */
function parseAll(given: readonly Given[], problems: string[]): Settings {
  const values: Record<string, unknown> = Object.fromEntries(Object.keys(SETTINGS).map((key) => [key, undefined]));
  for (const { key, text, writtenAs, baseDir } of given) {
    const kind = settingOf(key)?.kind;
    const value = kind?.parse(text.trim(), baseDir);
    if (value === undefined) problems.push(notAllowed(writtenAs, text, kind));
    else values[key] = value;
  }
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- each value came out of its key's own kind
  return Object.freeze(values) as Settings;
}

function notAllowed(writtenAs: string, text: string, kind: Kind<unknown> | undefined): string {
  const shown = kind?.isSecret ? 'not what it must be' : `"${text}"`;
  return `${writtenAs} is ${shown}; it must be ${kind?.allowed ?? 'a setting'}`;
}

/**
 * The settings do not allow a start. `problems` has every reason at once, each a sentence that names the setting, where
 * it was given and what is allowed. It is meant for the operator's terminal: unlike a DomainError it names paths and
 * values.
 */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
    super([`${count} wrong:`, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'SettingsError';
  }
}

/**
 * The settings as an audit may keep them, by environment name. A secret shows only whether it is set, and an address
 * nothing of the credentials in it.
 */
export function redactedSettings(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const kind = settingOf(key)?.kind;
      if (value === undefined) return [environmentName(key), null];
      if (kind?.isSecret === true) return [environmentName(key), '(set)'];
      return [environmentName(key), kind?.shown === undefined ? value : hiddenOrShown(kind, value)];
    }),
  );
}
