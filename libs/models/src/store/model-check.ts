import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf, modelBroken, readModelInfo } from '#clip';
import { DomainError } from '#core';
import { type HubSource, hubSourceOf } from '../catalogue/catalogue.js';
import { chooseLayout, neededFiles } from '../catalogue/repository-files.js';
import type { HubRevision } from '../hub/hub-revision.js';

/** What a check needs of the store. */
export interface ModelCheckParts {
  /** Finds the folder of the model in CAS_MODEL_DIR. */
  readonly ownFolder: (name: string) => Promise<string | undefined>;
  /** Tells whether the model is in the cache. */
  readonly isCached: (name: string) => Promise<boolean>;
  /** Lists the folders in CAS_MODEL_DIR. */
  readonly folderNames: () => Promise<string[]>;
  /** Lists the files of a repository on the hub. */
  readonly list: (source: HubSource, signal?: AbortSignal) => Promise<HubRevision>;
  readonly offlineError: ((name: string) => DomainError) | undefined;
}

/**
 * Checks, before anything is downloaded or started, whether a model can be loaded by a name. Faults of the name are
 * `invalid_argument`; a hub that does not answer is `unavailable`.
 */
export class ModelCheck {
  constructor(private readonly parts: ModelCheckParts) {}

  /**
   * Refuses a name without a model, and a folder that lacks files. It asks nothing of the hub. Returns where the model
   * would be downloaded from; undefined for a model of this machine.
   */
  async requireName(name: string): Promise<HubSource | undefined> {
    const { ownFolder, isCached, folderNames } = this.parts;
    const folder = await ownFolder(name);
    if (folder !== undefined) return asInvalidArgument(() => requireWhole(folder, name));
    if (await isCached(name)) return undefined;
    const folders = await folderNames();
    return asInvalidArgument(async () => hubSourceOf(name, folders));
  }

  /**
   * Like `requireName`, and refuses what the hub lacks: the repository, its revision, or the files that serving takes.
   */
  async require(name: string, signal?: AbortSignal): Promise<void> {
    const source = await this.requireName(name);
    if (!source) return;
    const { offlineError, list } = this.parts;
    await asInvalidArgument(async () => {
      if (offlineError) throw offlineError(name);
    });
    const { files } = await asInvalidArgument(() => list(source, signal), HUB_REFUSALS);
    await asInvalidArgument(async () => neededFiles(chooseLayout(source, files), files, source.repository));
  }
}

/** The hub's answers about a name; `unavailable` is about the hub itself. */
const HUB_REFUSALS = ['model_unknown', 'not_found', 'permission_denied'];
const REFUSALS = [...HUB_REFUSALS, 'unavailable'];

/** Turns errors of `codes` into `invalid_argument` with the same text. */
async function asInvalidArgument<T>(work: () => Promise<T>, codes: readonly string[] = REFUSALS): Promise<T> {
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

/** Reads the small files of the model, and checks that the large ones are there. A parent process never loads those. */
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
