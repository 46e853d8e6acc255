import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONFIG_VARIABLE, readEnvironment } from './environment-source.js';
import { readFlags } from './flag-source.js';
import { SETTINGS } from './settings.js';
import type { Given, Source } from './source.js';
import { readYaml } from './yaml-source.js';

/** The YAML file that is read when it lies in the working folder and no other is named. */
export const CONFIG_FILE_DEFAULT = 'cas.yml';

/** Reads all that gives settings: defaults, the file, the environment, the arguments; the stronger come later. */
export function readSources(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Source {
  const flags = readFlags(argv, cwd);
  const file = readConfigFile(flags.configFile ?? env[CONFIG_VARIABLE], cwd);
  const sources = [file, readEnvironment(env, cwd), flags];
  return {
    given: [...defaults(cwd), ...sources.flatMap(({ given }) => given)],
    problems: sources.flatMap(({ problems }) => problems),
  };
}

function readConfigFile(named: string | undefined, cwd: string): Source {
  if (named) return readYaml(resolve(cwd, named));
  const usual = resolve(cwd, CONFIG_FILE_DEFAULT);
  return existsSync(usual) ? readYaml(usual) : { given: [], problems: [] };
}

function defaults(cwd: string): Given[] {
  return Object.entries(SETTINGS).flatMap(([key, { default: text }]) =>
    text === undefined ? [] : [{ key, text, writtenAs: key, source: 'default', baseDir: cwd }],
  );
}
