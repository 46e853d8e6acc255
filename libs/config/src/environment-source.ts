import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentName } from './setting.js';
import { SETTING_KEYS, settingOf } from './settings.js';
import { unknownName, type Given, type Source } from './source.js';

/** The variable that names the YAML file, so it is no setting of that file. */
export const CONFIG_VARIABLE = 'CAS_CONFIG';

/**
 * Reads the `CAS_*` variables. An empty one counts as unset (Compose files write them so). `CAS_X_FILE` gives the value
 * of CAS_X from a file, as Docker and Kubernetes mount secrets; settings that are paths themselves have no such form.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, cwd: string): Source {
  const given: Given[] = [];
  const problems: string[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!isOurs(variable) || text === undefined || text === '') continue;
    const direct = SETTING_KEYS.find((key) => environmentName(key) === variable);
    const byFile = SETTING_KEYS.find((key) => takesFile(key) && `${environmentName(key)}_FILE` === variable);
    if (direct !== undefined) {
      given.push({ key: direct, text, writtenAs: variable, source: 'environment', baseDir: cwd });
    } else if (byFile === undefined) {
      problems.push(unknownName(variable, '', [CONFIG_VARIABLE, ...SETTING_KEYS.map(environmentName)]));
    } else if (env[environmentName(byFile)]) {
      problems.push(`${variable} and ${environmentName(byFile)} are both set; keep one`);
    } else {
      readFromFile(byFile, variable, text, cwd, given, problems);
    }
  }
  return { given, problems };
}

/** `CAS_CLI_*` belongs to the `cas` command, which may be used in the same shell. */
function isOurs(variable: string): boolean {
  return variable.startsWith('CAS_') && variable !== CONFIG_VARIABLE && !variable.startsWith('CAS_CLI_');
}

function takesFile(key: string): boolean {
  return settingOf(key)?.kind.isPath !== true;
}

function readFromFile(
  key: string,
  variable: string,
  file: string,
  cwd: string,
  given: Given[],
  problems: string[],
): void {
  try {
    const text = readFileSync(resolve(cwd, file), 'utf8').trim();
    given.push({ key, text, writtenAs: variable, source: 'environment', baseDir: cwd });
  } catch {
    problems.push(`${variable} names ${file}, which cannot be read; it must be a readable file that holds the value`);
  }
}
