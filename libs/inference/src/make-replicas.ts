import { availableParallelism } from 'node:os';
import { childLinks } from './child-link.js';
import { place } from './placement.js';
import { POOL_DEFAULTS, type PoolOptions } from './pool-options.js';
import { Replica, type ReplicaOwner, type ReplicaSettings } from './replica.js';

/** The replicas of a pool, each on its device, none started. Throws `invalid_argument` for devices that cannot be read. */
export function makeReplicas(options: PoolOptions, owner: ReplicaOwner): Replica[] {
  const { name: model, replicas, devices, cores = availableParallelism() } = options;
  const settings: ReplicaSettings = {
    openLink: options.openLink ?? childLinksOf(options),
    clock: options.clock,
    runMsMax: options.runMsMax,
    loadMsMax: options.loadMsMax ?? POOL_DEFAULTS.loadMsMax,
  };
  return place({ model, replicas, devices, cores }).map((placement) => new Replica(placement, settings, owner));
}

function childLinksOf({ name, folder, imageLimits, childEntry, log }: PoolOptions) {
  return childLinks({
    entry: childEntry,
    model: { name, folder, imageLimits },
    onLine: (replica, level, text) => log({ level, text, model: name, replica }),
  });
}
