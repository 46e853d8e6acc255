import { DomainError, type ModelInfo } from '#core';
import type { ModelRegistry } from './encode-pool.js';
import { startPool, type ModelPool } from './pool.js';
import type { PoolHealth, PoolSnapshot } from './pool-events.js';
import type { PoolOptions } from './pool-options.js';

/**
 * Starts the pools of all models at once; the first is the default. Resolves when each has a ready replica. Rejects with
 * the error of the first model that cannot be started, after all the others are ended.
 */
export async function startPools(all: readonly PoolOptions[]): Promise<PoolRegistry> {
  const outcomes = await Promise.allSettled(all.map((options) => startPool(options)));
  const pools = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failure) return new PoolRegistry(pools);
  await Promise.all(pools.map((pool) => pool.close()));
  throw DomainError.from(failure.reason);
}

/** The models of this process, each with its pool. */
export class PoolRegistry implements ModelRegistry {
  private readonly pools: ReadonlyMap<string, ModelPool>;
  private readonly defaultPool: ModelPool;

  /** At least one pool; the first is the default. */
  constructor(pools: readonly ModelPool[]) {
    const [first] = pools;
    if (!first) throw new DomainError('invalid_argument', 'No model is configured. Name at least one.');
    this.defaultPool = first;
    this.pools = new Map(pools.map((pool) => [pool.info.name, pool]));
  }

  pool(name?: string): ModelPool {
    if (name === undefined) return this.defaultPool;
    const pool = this.pools.get(name);
    if (pool) return pool;
    const served = [...this.pools.keys()].join(', ');
    throw new DomainError('model_unknown', `The model ${JSON.stringify(name)} is not served here. Served: ${served}.`);
  }

  list(): ModelInfo[] {
    return [...this.pools.values()].map((pool) => pool.info);
  }

  /** Health of each model, by name, the default model first. */
  health(): ReadonlyMap<string, PoolHealth> {
    return new Map([...this.pools].map(([name, pool]) => [name, pool.health()]));
  }

  snapshot(): PoolSnapshot[] {
    return [...this.pools.values()].map((pool) => pool.snapshot());
  }

  /** Refuses new calls, finishes what was taken, ends every replica. */
  async drain(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.drain()));
  }

  /** Ends every replica at once; calls under way fail with `shutting_down`. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
  }
}
