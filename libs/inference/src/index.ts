export * from './encode-pool.js';
export { PoolRegistry, startPools } from './model-registry.js';
export { parseDevice, place, type Placement, type PlacementRequest } from './placement.js';
export * from './pool-events.js';
export { POOL_DEFAULTS, type PoolLogEntry, type PoolOptions } from './pool-options.js';
export { type ModelPool, startPool } from './pool.js';
export type { OpenLink, ReplicaLink, ReplicaLinkEvents } from './replica-link.js';
