import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { DomainError } from '#core';
import { canonicalName } from '../catalogue/catalogue.js';
import { type FileProblem, verifyFolder } from '../cache/manifest.js';
import type { CachedModel, PartialDownload } from '../cache/model-cache.js';
import { ModelUses } from '../cache/model-uses.js';
import { ModelCheck } from './model-check.js';
import { type Check, ModelProvider, type ModelProviderParts, offlineError } from './model-provider.js';

/** Parts and rules of a store; `createModelStore` makes them from settings. */
export interface ModelStoreParts extends ModelProviderParts {
  /** Folders that people put there; they win over the cache and are never changed. */
  readonly modelDir: string;
}

/** A model that this machine has. */
export interface LocalModel {
  readonly name: string;
  /** `folder`: in CAS_MODEL_DIR; `cache`: downloaded. */
  readonly place: 'folder' | 'cache';
  readonly folder: string;
}

/** Finds the folder of a model, and downloads it when there is none. One store per process; several may share a cache. */
export class ModelStore {
  private readonly uses: ModelUses;
  private readonly downloads = new Map<string, Promise<string>>();
  private readonly closing = new AbortController();
  private readonly provider: ModelProvider;
  private readonly check: ModelCheck;

  constructor(private readonly parts: ModelStoreParts) {
    this.uses = new ModelUses(parts.cache.uses, parts.clock);
    this.provider = new ModelProvider(parts, this.uses);
    this.check = new ModelCheck({
      ownFolder: (name) => this.ownFolder(name),
      isCached: async (name) => (await parts.cache.find(canonicalName(name))) !== undefined,
      folderNames: () => readdir(parts.modelDir).catch((): string[] => []),
      list: (source, signal) => this.provider.list(source, signal),
      offlineError: parts.offline ? offlineError : undefined,
    });
  }

  /**
   * Refuses a name that nothing stands for, and a folder that lacks files; asks nothing of the hub.
   *
   * @throws DomainError `invalid_argument`
   */
  async requireName(name: string): Promise<void> {
    await this.check.requireName(name);
  }

  /**
   * Refuses a model that cannot be loaded, as far as can be told without downloading it: the hub is asked for what it has of it.
   *
   * @throws DomainError `invalid_argument`; `unavailable` when the hub cannot be asked
   */
  require(name: string, signal?: AbortSignal): Promise<void> {
    return this.check.require(name, signal);
  }

  /**
   * The folder that serves `name`: CAS_MODEL_DIR/<name> if there is one, else that of the cache, which is filled from the hub
   * first. A model of the cache counts as in use from then on until `release` and is not evicted. Concurrent calls share one
   * download, also between processes; the signal of the first of them ends it for all, and what has arrived stays. Rejects
   * with `model_unknown`, `not_found`, `permission_denied` or `unavailable`.
   */
  async folderOf(name: string, signal?: AbortSignal): Promise<string> {
    return (await this.ownFolder(name)) ?? this.provided(canonicalName(name), 'sizes', signal);
  }

  /**
   * As `folderOf`, but every byte of a model that is in the cache is read and compared with what was downloaded. What differs
   * is fetched again; while that goes on its folder is away, also for processes that have the model loaded.
   */
  async pull(name: string, signal?: AbortSignal): Promise<string> {
    return (await this.ownFolder(name)) ?? this.provided(canonicalName(name), 'contents', signal);
  }

  /** The model is no longer in use by this process. */
  async release(name: string): Promise<void> {
    await this.uses.end(canonicalName(name));
  }

  /** The model if this machine has it; nothing is downloaded. */
  async find(name: string): Promise<LocalModel | undefined> {
    const own = await this.ownFolder(name);
    if (own !== undefined) return { name, place: 'folder', folder: own };
    const cached = await this.parts.cache.find(canonicalName(name));
    return cached && { name: cached.name, place: 'cache', folder: cached.folder };
  }

  /** The models of the cache, the longest unused first. */
  list(): Promise<CachedModel[]> {
    return this.parts.cache.list();
  }

  /** Downloads into the cache that run or broke off. */
  partials(): Promise<PartialDownload[]> {
    return this.parts.cache.partials();
  }

  /**
   * Reads every byte of a cached model and compares it with what was downloaded. Rejects with `not_found` when it is not in
   * the cache: folders in CAS_MODEL_DIR have no manifest to compare with.
   */
  async verify(name: string): Promise<FileProblem[]> {
    const wanted = canonicalName(name);
    const model = (await this.list()).find((candidate) => candidate.name === wanted);
    if (!model) throw notCached(wanted);
    return verifyFolder(model.folder, model.manifest);
  }

  /**
   * Deletes a model from the cache, and what a broken-off download of it left. Rejects with `not_found`, or with `conflict`
   * while a process has it in use or downloads it.
   */
  async remove(name: string): Promise<void> {
    const wanted = canonicalName(name);
    const isWanted = (each: { name: string }) => each.name === wanted;
    const [model, partial] = [(await this.list()).find(isWanted), (await this.partials()).find(isWanted)];
    if (!model && !partial) throw notCached(wanted);
    if (model?.isInUse) {
      throw new DomainError('conflict', `The model ${wanted} is in use. Stop what serves it, then remove it.`);
    }
    if (partial?.isRunning) {
      throw new DomainError('conflict', `The model ${wanted} is being downloaded. Stop that, then remove it.`);
    }
    await this.parts.cache.remove(wanted);
  }

  /** Ends downloads and connections and forgets what is in use; the cache stays. */
  async close(): Promise<void> {
    this.closing.abort(new DomainError('shutting_down', 'The service ends; the download goes on with the next start.'));
    await Promise.allSettled(this.downloads.values());
    await this.uses.endAll();
    await this.provider.close();
  }

  private provided(model: string, check: Check, signal: AbortSignal | undefined): Promise<string> {
    const running = this.downloads.get(model);
    if (running) return running;
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const provided = this.provider.provide(model, check, either).finally(() => this.downloads.delete(model));
    this.downloads.set(model, provided);
    return provided;
  }

  /** Names come from operators, and from callers of the admin API: none leads out of the folder. */
  private async ownFolder(name: string): Promise<string | undefined> {
    const folder = resolve(this.parts.modelDir, name);
    const inside = relative(this.parts.modelDir, folder);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside)
      return undefined;
    const isFolder = await stat(join(folder)).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isFolder ? folder : undefined;
  }
}

function notCached(model: string): DomainError {
  return new DomainError('not_found', `The model ${model} is not in the cache.`);
}
