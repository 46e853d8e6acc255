import { join } from 'node:path';
import { type Clock, systemClock } from '#core';
import { ModelCache } from '../cache/model-cache.js';
import { ModelStore } from './model-store.js';
import type { StoreObserver } from '../progress/store-events.js';

/** The settings that a store follows, by the names that they have in `#config`. */
export interface ModelStoreOptions {
  readonly modelDir: string;
  /** The cache is its folder `models`. */
  readonly dataDir: string;
  /** The hub or a mirror that speaks its API, without a slash at the end. */
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
  readonly offline: boolean;
  /** In bytes; undefined: no limit. */
  readonly modelCacheBytesMax?: number | undefined;
  readonly observe?: StoreObserver;
  readonly clock?: Clock;
  /** A server that sends nothing for this long is given up and asked again. */
  readonly stallMsMax?: number;
}

const FILES_AT_ONCE = 4;
const ATTEMPTS_MAX = 6;
const STALL_MS_MAX = 30_000;

/**
 * A store of models with the real hub behind it. Nothing is read or asked before the first call, and the HTTP client is loaded
 * with the first download, so that a process which only opens models never carries it.
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
