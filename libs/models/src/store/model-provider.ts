import { randomUUID } from 'node:crypto';
import { type Clock, DomainError } from '#core';
import { type HubSource, hubSourceOf } from '../catalogue/catalogue.js';
import type { HubConnection } from '../hub/hub-client.js';
import { bytesThere, downloadModel, type DownloadTools, planDownload } from '../download/download-model.js';
import { underLock } from '../cache/folder-lock.js';
import type { HubRevision } from '../hub/hub-revision.js';
import { makeRoom } from '../cache/make-room.js';
import { verifyFolder } from '../cache/manifest.js';
import type { ModelCache } from '../cache/model-cache.js';
import type { ModelUses } from '../cache/model-uses.js';
import { withRetries } from '../hub/retry.js';
import type { StoreObserver } from '../progress/store-events.js';

/** Parts and limits of a provider; `createModelStore` makes them from settings. */
export interface ModelProviderParts {
  readonly cache: ModelCache;
  /** Connects to the hub. Called once, before the first download. */
  readonly connect: () => Promise<HubConnection>;
  /** Whether the hub must not be asked. */
  readonly offline: boolean;
  /** Most bytes of all models in the cache; undefined for no limit. */
  readonly cacheBytesMax: number | undefined;
  readonly clock: Clock;
  readonly observe: StoreObserver;
  readonly filesAtOnce: number;
  readonly attemptsMax: number;
}

const LIST_ATTEMPTS_MAX = 2;

/** What is checked before a model of the cache is used: the sizes of its files, or every byte of them. */
export type Check = 'sizes' | 'contents';

/** Finds models in the cache, and fills it from the hub. */
export class ModelProvider {
  private connection: Promise<HubConnection> | undefined;

  constructor(
    private readonly parts: ModelProviderParts,
    private readonly uses: ModelUses,
  ) {}

  /**
   * Finds or downloads a model and returns its folder, which this process uses from then on. An abort ends the
   * download; what has arrived stays. Rejects as `ModelStore.folderOf`.
   */
  async provide(model: string, check: Check, signal: AbortSignal): Promise<string> {
    const { cache, clock, observe, offline } = this.parts;
    const there = await this.useCached(model, check);
    if (there !== undefined) return there;
    const source = hubSourceOf(model);
    if (offline) throw offlineError(model);
    await cache.prepare();
    const { client } = await this.connected();
    const tools = { ...this.parts, client, owner: randomUUID(), signal };
    return underLock(
      cache.lockFile(model),
      clock,
      async () => {
        // The previous holder of the lock may have downloaded it.
        const meanwhile = await this.useCached(model, check);
        if (meanwhile !== undefined) return meanwhile;
        const folder = await this.download(source, tools);
        await this.uses.begin(model, folder);
        return folder;
      },
      () => observe({ kind: 'waiting', model }),
      signal,
    );
  }

  /**
   * Lists the files that the hub has of a model. A caller waits for the answer, so the hub is asked at most twice.
   * Rejects as `HubClient.revision`, and with `unavailable` for a hub that does not answer.
   */
  async list({ name: model, repository, revision }: HubSource, signal?: AbortSignal): Promise<HubRevision> {
    const { client } = await this.connected();
    const { clock, observe } = this.parts;
    const onRetry = (fault: Error, delayMs: number): void =>
      observe({ kind: 'retry', model, file: 'the list of files', reason: fault.message, delayMs });
    const work = (): Promise<HubRevision> => client.revision(repository, revision, signal);
    return withRetries(work, { clock, attemptsMax: LIST_ATTEMPTS_MAX }, onRetry, signal);
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await (await this.connection)?.disconnect();
  }

  private connected(): Promise<HubConnection> {
    this.connection ??= this.parts.connect();
    return this.connection;
  }

  /** Returns the folder of a model that is there and sound, and uses it from now on; else undefined. */
  private async useCached(model: string, check: Check): Promise<string | undefined> {
    const { cache } = this.parts;
    const found = await cache.find(model);
    if (!found) return undefined;
    await this.uses.begin(model, found.folder);
    // Find it again: another process may have removed it before it could see the use.
    const there = await cache.find(model);
    const isSound = there && (check === 'sizes' || (await verifyFolder(there.folder, there.manifest)).length === 0);
    if (isSound) return there.folder;
    await this.uses.end(model);
    return undefined;
  }

  private async download(source: HubSource, tools: DownloadTools): Promise<string> {
    const { cache, cacheBytesMax, clock, observe } = this.parts;
    const model = source.name;
    const startedAt = clock.now();
    const plan = await planDownload(source, tools);
    const folder = await cache.startPartial(model);
    const there = await bytesThere(folder, plan);
    await makeRoom(cache, {
      model,
      bytes: plan.bytes,
      bytesMissing: plan.bytes - there,
      cacheBytesMax,
      onEvicted: ({ name, ...gone }) => observe({ kind: 'evicted', model: name, ...gone }),
    });
    const { repository } = source;
    const { bytes } = plan;
    observe({ kind: 'started', model, repository, files: plan.files.length, bytes, bytesThere: there });
    try {
      await downloadModel(plan, folder, tools);
    } catch (thrown) {
      // If another process has downloaded it meanwhile, its folder is as good.
      const faster = await cache.find(model);
      if (faster) return faster.folder;
      observe({ kind: 'failed', model });
      throw thrown;
    }
    const finished = await cache.finishPartial(model);
    observe({ kind: 'done', model, bytes, tookMs: clock.now() - startedAt });
    return finished;
  }
}

/** The error for a model that would have to be downloaded while CAS_OFFLINE is set. */
export function offlineError(model: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model ${model} is not on this machine, or not whole, and CAS_OFFLINE does not allow downloading it. Run "cas models pull" ` +
      'where there is a network and bring the cache along, or put the model into CAS_MODEL_DIR.',
  );
}
