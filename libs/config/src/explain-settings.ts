import { createHash } from 'node:crypto';
import type { ExplainedSetting, SettingChange } from './explained-setting.js';
import { explainOpenTelemetry } from './explain-open-telemetry.js';
import { readSources } from './read-sources.js';
import { environmentName, flagName, yamlKey } from './setting.js';
import { SETTING_GROUPS, settingOf } from './settings.js';
import { hiddenOrShown } from './shown-value.js';
import type { Given } from './source.js';

/**
 * Every setting with its value, its default and where the value came from. Read it together with `loadSettings`, which
 * refuses what is not allowed; here such a value counts as unset.
 *
 * @example explainSettings(process.argv.slice(2), process.env, process.cwd()).filter(({ isSecret }) => !isSecret);
 */
export function explainSettings(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): ExplainedSetting[] {
  const { given } = readSources(argv, env, cwd);
  const ours = Object.entries(SETTING_GROUPS).flatMap(([group, settings]) =>
    Object.keys(settings).flatMap((key) =>
      explain(
        key,
        group,
        given.filter((one) => one.key === key),
      ),
    ),
  );
  return [...ours, ...explainOpenTelemetry(env)];
}

/**
 * A short text that is equal where all values are equal, so that processes can be compared. Of secrets it holds only
 * whether they are set.
 */
export function fingerprintOf(settings: readonly ExplainedSetting[]): string {
  const values = settings.map(({ name, value, isSet }) => [name, value, isSet]);
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16);
}

function explain(key: string, group: string, given: readonly Given[]): ExplainedSetting[] {
  const setting = settingOf(key);
  if (setting === undefined) return [];
  const { kind, doc } = setting;
  const strongest = given.at(-1);
  const parsed = strongest && kind.parse(strongest.text.trim(), strongest.baseDir);
  const others = given.slice(0, -1).filter(({ source }) => source !== 'default');
  return [
    {
      ...{ name: environmentName(key), group, yaml: yamlKey(key), flag: flagName(key), doc, allowed: kind.allowed },
      value: parsed === undefined ? null : hiddenOrShown(kind, parsed),
      default: setting.default === undefined ? null : (setting.defaultShown ?? setting.default),
      isSet: parsed !== undefined,
      isSecret: kind.isSecret === true,
      source: strongest?.source ?? 'default',
      from: strongest === undefined || strongest.source === 'default' ? null : placeOf(strongest),
      overridden: others.map(placeOf),
      change: CHANGES.get(key) ?? 'restart',
    },
  ];
}

function placeOf({ writtenAs, line }: Given): string {
  return line === undefined ? writtenAs : `${writtenAs}, line ${line}`;
}

/** Everything else is read once, at the start. */
const CHANGES: ReadonlyMap<string, SettingChange> = new Map([
  ['logLevel', 'log-level'],
  ['model', 'models'],
  ['replicas', 'models'],
  ['devices', 'models'],
  ['tlsCert', 'file'],
  ['tlsKey', 'file'],
  ['tlsClientCa', 'file'],
]);
