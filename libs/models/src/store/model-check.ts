import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf, modelBroken, readModelInfo } from '#clip';
import { DomainError } from '#core';
import { type HubSource, hubSourceOf } from '../catalogue/catalogue.js';
import { chooseLayout, neededFiles } from '../catalogue/repository-files.js';
import type { HubRevision } from '../hub/hub-revision.js';

/** What a check asks of a store. */
export interface ModelCheckParts {
  /** The folder of the model in CAS_MODEL_DIR, undefined where there is none. */
  readonly ownFolder: (name: string) => Promise<string | undefined>;
  /** Whether the model is in the cache. */
  readonly isCached: (name: string) => Promise<boolean>;
  /** Names of the folders in CAS_MODEL_DIR. */
  readonly folderNames: () => Promise<string[]>;
  /** Asks the hub for the list of a repository's files. */
  readonly list: (source: HubSource, signal?: AbortSignal) => Promise<HubRevision>;
  readonly offlineError: ((name: string) => DomainError) | undefined;
}

/**
 * Says of a name, before anything is downloaded or started, whether a model can be loaded by it. What the name is to blame for is
 * `invalid_argument`; a hub that does not answer is `unavailable`.
 */
export class ModelCheck {
  constructor(private readonly parts: ModelCheckParts) {}

  /**
   * Refuses a name that nothing stands for, and a folder that lacks files. Asks nothing of the hub. The answer is where the model
   * would be downloaded from, undefined for one that is here.
   */
  async requireName(name: string): Promise<HubSource | undefined> {
    const { ownFolder, isCached, folderNames } = this.parts;
    const folder = await ownFolder(name);
    if (folder !== undefined) return blaming(() => requireWhole(folder, name));
    if (await isCached(name)) return undefined;
    const folders = await folderNames();
    return blaming(async () => hubSourceOf(name, folders));
  }

  /** As `requireName`, and refuses what the hub does not have: the repository, its revision, or the files that serving takes. */
  async require(name: string, signal?: AbortSignal): Promise<void> {
    const source = await this.requireName(name);
    if (!source) return;
    const { offlineError, list } = this.parts;
    await blaming(async () => {
      if (offlineError) throw offlineError(name);
    });
    const { files } = await blaming(() => list(source, signal), HUB_REFUSALS);
    await blaming(async () => neededFiles(chooseLayout(source, files), files, source.repository));
  }
}

/** What the hub says of a name; `unavailable` is what it says of itself. */
const HUB_REFUSALS = ['model_unknown', 'not_found', 'permission_denied'];
const REFUSALS = [...HUB_REFUSALS, 'unavailable'];

/** Turns errors of `codes` into `invalid_argument`, with the same words. */
async function blaming<T>(work: () => Promise<T>, codes: readonly string[] = REFUSALS): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof DomainError) || !codes.includes(thrown.code)) throw thrown;
    const { message, internal } = thrown;
    throw new DomainError('invalid_argument', message, {
      cause: thrown,
      ...(internal === undefined ? {} : { internal }),
    });
  }
}

/** Reads what describes the model, and looks whether the large files are there: a parent of replicas never holds those. */
async function requireWhole(folder: string, name: string): Promise<undefined> {
  try {
    await readModelInfo(folder, name);
    const { tokenizer, visual, textual } = await layoutOf(folder);
    for (const path of [tokenizer, visual, textual]) {
      const bytes = await stat(join(folder, path)).then(
        ({ size }) => size,
        () => 0,
      );
      if (bytes === 0) throw modelBroken(`${path} is missing or empty`, join(folder, path));
    }
  } catch (thrown) {
    const { code, message, internal } = DomainError.from(thrown);
    throw new DomainError(code, `${name}: ${message}`, internal === undefined ? {} : { internal });
  }
  return undefined;
}
