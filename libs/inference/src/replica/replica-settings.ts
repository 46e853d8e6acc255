import type { Clock } from '#core';
import { childLinks } from './child-link.js';
import { POOL_DEFAULTS, type PoolOptions } from '../pool/pool-options.js';
import type { OpenLink } from './replica-link.js';

/** What the replicas of one pool share. */
export interface ReplicaSettings {
  readonly openLink: OpenLink;
  readonly clock: Clock;
  readonly runMsMax: number;
  readonly loadMsMax: number;
}

/** The part of the options that each replica of the pool needs. */
export function replicaSettings(options: PoolOptions): ReplicaSettings {
  const { clock, runMsMax, loadMsMax = POOL_DEFAULTS.loadMsMax, openLink = childLinksOf(options) } = options;
  return { openLink, clock, runMsMax, loadMsMax };
}

function childLinksOf({ name, folder, imageLimits, childEntry, batchItemsMax, log }: PoolOptions): OpenLink {
  return childLinks({
    entry: childEntry,
    model: { name, folder, imageLimits },
    batchItemsMax,
    onLine: (replica, level, text) => log({ level, text, model: name, replica }),
  });
}
