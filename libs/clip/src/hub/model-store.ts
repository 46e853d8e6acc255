import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { type Clock, DomainError } from '#core';
import { canonicalName, hubSourceOf } from '../catalogue/catalogue.js';
import { bytesThere, downloadModel, type DownloadTools, planDownload } from './download-model.js';
import { underLock } from './folder-lock.js';
import type { HubConnection } from './connect-hub.js';
import { makeRoom } from './make-room.js';
import { type CachedModel, type ModelCache, SAY_USE_EVERY_MS } from './model-cache.js';
import type { StoreObserver } from './store-events.js';
import { type FileProblem, verifyFolder } from './verify-folder.js';

/** Parts and rules of a store; `createModelStore` makes them from settings. */
export interface ModelStoreParts {
  /** Folders that people put there; they win over the cache and are never changed. */
  readonly modelDir: string;
  readonly cache: ModelCache;
  /** Called once, before the first download. */
  readonly connect: () => Promise<HubConnection>;
  /** Nothing is asked of the hub. */
  readonly offline: boolean;
  /** Most bytes of all models in the cache; undefined: no limit. */
  readonly cacheBytesMax: number | undefined;
  readonly clock: Clock;
  readonly observe: StoreObserver;
  readonly filesAtOnce: number;
  readonly attemptsMax: number;
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
  private readonly id = randomUUID();
  /** Folders by model. */
  private readonly inUse = new Map<string, string>();
  private readonly downloads = new Map<string, Promise<string>>();
  private readonly closing = new AbortController();
  private connection: Promise<HubConnection> | undefined;
  private stopSaying = (): void => undefined;

  constructor(private readonly parts: ModelStoreParts) {}

  /**
   * The folder that serves `name`: CAS_MODEL_DIR/<name> if there is one, else that of the cache, which is filled from the hub
   * first. A model of the cache counts as in use from then on until `release` and is not evicted. Concurrent calls share one
   * download, also between processes; the signal of the first of them ends it for all, and what has arrived stays. Rejects
   * with `model_unknown`, `not_found`, `permission_denied` or `unavailable`.
   */
  async folderOf(name: string, signal?: AbortSignal): Promise<string> {
    const own = await this.ownFolder(name);
    if (own !== undefined) return own;
    const model = canonicalName(name);
    const running = this.downloads.get(model) ?? this.start(model, signal);
    return running;
  }

  /** The model is no longer in use by this process. */
  async release(name: string): Promise<void> {
    const model = canonicalName(name);
    const folder = this.inUse.get(model);
    this.inUse.delete(model);
    if (folder !== undefined) await this.parts.cache.endUse(folder, this.id);
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

  /**
   * Reads every byte of a cached model and compares it with what was downloaded. Rejects with `not_found` when it is not in
   * the cache: folders in CAS_MODEL_DIR have no manifest to compare with.
   */
  async verify(name: string): Promise<FileProblem[]> {
    const model = await this.cached(name);
    return verifyFolder(model.folder, model.manifest);
  }

  /** Deletes a model from the cache. Rejects with `not_found`, or with `conflict` while a process has it in use. */
  async remove(name: string): Promise<void> {
    const model = await this.cached(name);
    if (model.isInUse) {
      throw new DomainError('conflict', `The model ${model.name} is in use. Stop what serves it, then remove it.`);
    }
    await this.parts.cache.remove(model.name);
  }

  /** Ends downloads and connections and forgets what is in use; the cache stays. */
  async close(): Promise<void> {
    this.closing.abort(new DomainError('shutting_down', 'The service ends; the download goes on with the next start.'));
    await Promise.allSettled(this.downloads.values());
    this.stopSaying();
    await Promise.all([...this.inUse.keys()].map((model) => this.release(model)));
    await (await this.connection)?.disconnect();
  }

  private start(model: string, signal: AbortSignal | undefined): Promise<string> {
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const running = this.provide(model, either).finally(() => this.downloads.delete(model));
    this.downloads.set(model, running);
    return running;
  }

  private async provide(model: string, signal: AbortSignal): Promise<string> {
    const { cache, clock, observe, offline } = this.parts;
    const there = await cache.find(model);
    if (there) return this.use(there.name, there.folder);
    const source = hubSourceOf(model);
    if (offline) throw offlineError(model);
    this.connection ??= this.parts.connect();
    const { client } = await this.connection;
    const tools = { ...this.parts, client, signal };
    return underLock(
      cache.lockFile(model),
      clock,
      async () => {
        // Whoever held the lock before may have brought it.
        const meanwhile = await cache.find(model);
        if (meanwhile) return this.use(model, meanwhile.folder);
        return this.use(model, await this.download(source, tools));
      },
      () => observe({ kind: 'waiting', model }),
      signal,
    );
  }

  private async download(source: ReturnType<typeof hubSourceOf>, tools: DownloadTools): Promise<string> {
    const { cache, cacheBytesMax, clock, observe } = this.parts;
    const model = source.name;
    const startedAt = clock.now();
    const plan = await planDownload(source, tools);
    const folder = await cache.startPartial(model);
    const there = await bytesThere(folder, plan);
    await makeRoom(cache, {
      bytes: plan.bytes,
      bytesMissing: plan.bytes - there,
      cacheBytesMax,
      onEvicted: ({ name, bytes }) => observe({ kind: 'evicted', model: name, bytes }),
    });
    const { repository } = source;
    const { bytes } = plan;
    observe({ kind: 'started', model, repository, files: plan.files.length, bytes, bytesThere: there });
    try {
      await downloadModel(plan, folder, tools);
    } catch (thrown) {
      observe({ kind: 'failed', model });
      throw thrown;
    }
    const finished = await cache.finishPartial(model);
    observe({ kind: 'done', model, bytes, tookMs: clock.now() - startedAt });
    return finished;
  }

  private async use(model: string, folder: string): Promise<string> {
    this.inUse.set(model, folder);
    await this.sayUses();
    return folder;
  }

  private async sayUses(): Promise<void> {
    this.stopSaying();
    this.stopSaying = this.parts.clock.after(SAY_USE_EVERY_MS, () => void this.sayUses());
    await Promise.all([...this.inUse.values()].map((folder) => this.parts.cache.use(folder, this.id)));
  }

  private async cached(name: string): Promise<CachedModel> {
    const wanted = canonicalName(name);
    const model = (await this.parts.cache.list()).find((candidate) => candidate.name === wanted);
    if (model) return model;
    throw new DomainError('not_found', `The model ${wanted} is not in the cache.`);
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

function offlineError(model: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model ${model} is not on this machine, and CAS_OFFLINE forbids to download it. Run "cas models pull" where there is a ` +
      'network and bring the cache along, or put the model into CAS_MODEL_DIR.',
  );
}
