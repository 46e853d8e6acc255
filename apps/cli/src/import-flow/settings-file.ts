import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { readModelInfo } from '#clip';
import { loadSettings, SettingsError, type Settings } from '#config';
import { DomainError } from '#core';
import { createModelStore, findInCatalogue } from '#models';
import type { Conversion, SettingValue } from './conversion.js';

/** Formats a `cas.yml`, each setting with the place that it comes from. */
export function settingsFile({ settings, remarks }: Conversion, flowName: string): string {
  const head = [`Settings for CLIP-as-service, from the Flow ${flowName}.`, ...remarks].map((line) => `# ${line}\n`);
  const body = settings.map(({ key, value, comment }) => `\n# ${comment}\n${key}: ${written(value)}\n`);
  return [...head, ...body].join('');
}

/** One line a value, in the quotes of this project's YAML. */
const layout = {
  lineWidth: 0,
  collectionStyle: 'flow',
  flowCollectionPadding: false,
  blockQuote: false,
  singleQuote: true,
} as const;

function written(value: SettingValue): string {
  return stringify(value, layout).trim();
}

/** Where the service would start. */
export interface StartPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/**
 * The problems that the service itself would report for a `cas.yml`; none when it would start. Certificates that are
 * not on this machine are among them, and a model that is neither here nor on the hub. Of the environment only
 * CAS_MODEL_DIR counts, which says where models are.
 */
export async function problemsOf(text: string, { env, cwd }: StartPlace): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cas-import-flow-'));
  const modelDir = env['CAS_MODEL_DIR'];
  try {
    writeFileSync(join(folder, 'cas.yml'), text, { mode: 0o600 });
    const settings = loadSettings([], modelDir ? { CAS_MODEL_DIR: resolve(cwd, modelDir) } : {}, folder);
    const problem = await modelProblem(settings);
    return problem === undefined ? [] : [problem];
  } catch (thrown) {
    if (thrown instanceof SettingsError) return thrown.problems;
    throw thrown;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Why the service would not start with the model of these settings; undefined when it would. Downloads nothing. */
async function modelProblem(settings: Settings): Promise<string | undefined> {
  const { model } = settings;
  const isOnHub = model.startsWith('hub:') || findInCatalogue(model)?.entry.repository !== undefined;
  const store = createModelStore({ ...settings, offline: true });
  try {
    const folder = (await store.find(model))?.folder ?? (isOnHub ? undefined : await store.folderOf(model));
    if (folder !== undefined) await readModelInfo(folder, model);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof DomainError) return thrown.message;
    throw thrown;
  } finally {
    await store.close();
  }
}
