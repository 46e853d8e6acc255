import { join } from 'node:path';
import { type Clock, systemClock } from '#core';
import { ModelCache } from '../cache/model-cache.js';
import { ModelStore } from './model-store.js';
import type { StoreObserver } from '../progress/store-events.js';

/** The settings of a store, by their names in `#config`. */
export interface ModelStoreOptions {
  readonly modelDir: string;
  /** Its folder `models` is the cache. */
  readonly dataDir: string;
  /** The hub or a mirror that speaks its API, without a slash at the end. */
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
  readonly offline: boolean;
  /** In bytes; undefined for no limit. */
  readonly modelCacheBytesMax?: number | undefined;
  readonly observe?: StoreObserver;
  readonly clock?: Clock;
  /** A connection on which nothing arrives for this long is closed, and the file asked for again. 30 s by default. */
  readonly stallMsMax?: number;
}

const FILES_AT_ONCE = 4;
const ATTEMPTS_MAX = 6;
const STALL_MS_MAX = 30_000;

/**
 * Makes a store of models that downloads from the real hub. It reads and asks nothing before the first call, and loads
 * the HTTP client with the first download, so that a process that only opens models never holds it.
 *
 * @example
 * const hubUrl = 'https://hub.example';
 * const store = createModelStore({ modelDir: 'models', dataDir: 'data', hubUrl, offline: false });
 * const folder = await store.folderOf('ViT-B-32::openai');
 * await store.close();
 */
export function createModelStore(options: ModelStoreOptions): ModelStore {
  const { modelDir, dataDir, hubUrl: url, hubToken: token, offline, modelCacheBytesMax } = options;
  const { clock = systemClock, observe = () => undefined, stallMsMax = STALL_MS_MAX } = options;
  return new ModelStore({
    modelDir,
    cache: new ModelCache(join(dataDir, 'models'), clock),
    connect: async () => (await import('../hub/hub-client.js')).connectHub({ url, token, stallMsMax }),
    offline,
    cacheBytesMax: modelCacheBytesMax,
    clock,
    observe,
    filesAtOnce: FILES_AT_ONCE,
    attemptsMax: ATTEMPTS_MAX,
  });
}
