import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { DomainError } from '#core';
import { canonicalName } from '../catalogue/catalogue.js';
import { type FileProblem, verifyFolder } from '../cache/manifest.js';
import type { CachedModel, PartialDownload } from '../cache/model-cache.js';
import { ModelUses } from '../cache/model-uses.js';
import { ModelCheck } from './model-check.js';
import { type Check, ModelProvider, type ModelProviderParts, offlineError } from './model-provider.js';

/** Parts and limits of a store; `createModelStore` makes them from settings. */
export interface ModelStoreParts extends ModelProviderParts {
  /** The operator's own model folders. They win over the cache and are never changed. */
  readonly modelDir: string;
}

/** A model of this machine. */
export interface LocalModel {
  readonly name: string;
  /** `folder` for one in CAS_MODEL_DIR, `cache` for a downloaded one. */
  readonly place: 'folder' | 'cache';
  readonly folder: string;
}

/**
 * Finds the folder of a model, and downloads the model when there is none. Each process has one store; the stores of
 * several processes may share a cache.
 *
 * @example
 * const store = createModelStore(settings);
 * const folder = await store.folderOf('ViT-B-32::openai'); // downloads it the first time
 * await store.release('ViT-B-32::openai'); // from now on the cache may evict it
 */
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
   * Refuses a name without a model, and a folder that lacks files. It asks nothing of the hub.
   *
   * @throws DomainError `invalid_argument`
   */
  async requireName(name: string): Promise<void> {
    await this.check.requireName(name);
  }

  /**
   * Refuses a model that cannot be loaded, as far as the list of its files on the hub tells; it downloads nothing.
   *
   * @throws DomainError `invalid_argument`; `unavailable` when the hub cannot be asked
   */
  require(name: string, signal?: AbortSignal): Promise<void> {
    return this.check.require(name, signal);
  }

  /**
   * Returns the folder that serves `name`: CAS_MODEL_DIR/<name> if there is one, else that of the cache, which is
   * filled from the hub first. A model of the cache is in use from then on until `release`, and is not evicted.
   * Concurrent calls share one download, also between processes. The signal of the first call ends it for all; what has
   * arrived stays. Rejects with `model_unknown`, `not_found`, `permission_denied` or `unavailable`.
   */
  async folderOf(name: string, signal?: AbortSignal): Promise<string> {
    return (await this.ownFolder(name)) ?? this.provided(canonicalName(name), 'sizes', signal);
  }

  /**
   * Like `folderOf`, but reads every byte of a cached model, compares it with what was downloaded, and downloads again
   * what differs. Meanwhile the folder is away, also for processes that have loaded the model.
   */
  async pull(name: string, signal?: AbortSignal): Promise<string> {
    return (await this.ownFolder(name)) ?? this.provided(canonicalName(name), 'contents', signal);
  }

  /** Ends this process's use of the model. */
  async release(name: string): Promise<void> {
    await this.uses.end(canonicalName(name));
  }

  /** Finds a model of this machine. It downloads nothing. */
  async find(name: string): Promise<LocalModel | undefined> {
    const own = await this.ownFolder(name);
    if (own !== undefined) return { name, place: 'folder', folder: own };
    const cached = await this.parts.cache.find(canonicalName(name));
    return cached && { name: cached.name, place: 'cache', folder: cached.folder };
  }

  /** Lists the models of the cache, the longest unused first. */
  list(): Promise<CachedModel[]> {
    return this.parts.cache.list();
  }

  /** Lists the downloads into the cache that run or broke off. */
  partials(): Promise<PartialDownload[]> {
    return this.parts.cache.partials();
  }

  /**
   * Reads every byte of a cached model and returns the files that differ from what was downloaded. Rejects with
   * `not_found` for a model outside the cache: folders in CAS_MODEL_DIR have no manifest to compare with.
   */
  async verify(name: string): Promise<FileProblem[]> {
    const wanted = canonicalName(name);
    const model = (await this.list()).find((candidate) => candidate.name === wanted);
    if (!model) throw notCached(wanted);
    return verifyFolder(model.folder, model.manifest);
  }

  /**
   * Deletes a model, and the rest of a broken-off download of it, from the cache. Rejects with `not_found`, or with
   * `conflict` while a process uses or downloads it.
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

  /** Ends downloads, connections and this process's uses. The cache stays. */
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

  /**
   * Finds the folder of `name` in CAS_MODEL_DIR. No name leads out of it: names come from callers of the admin API too.
   */
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
