import { DomainError, type ModelInfo } from '#core';
import type { EncodePool, ModelRegistry } from './encode-pool.js';
import { startPool, type ModelPool, type PoolShape } from './pool.js';
import type { PoolDetail, PoolHealth, PoolSnapshot } from './pool-events.js';
import type { PoolOptions } from './pool-options.js';

/** A model as it is served. */
export interface ActualModel extends PoolShape {
  readonly isDefault: boolean;
}

/** How soon a caller that came before the first model was loaded should come back. */
const LOADING_RETRY_MS = 5_000;

/**
 * Starts the pools of all models at once and serves them in `registry`, which serves none so far; the first is the
 * default. Resolves when each has a ready replica. Rejects with the error of the first model that cannot be started,
 * after all the others are ended.
 *
 * @example
 * const registry = await startPools([miniClip, large]); // PoolOptions of two models
 * const results = await registry.pool('mini-clip').submit(items, context);
 */
export async function startPools(
  all: readonly PoolOptions[],
  registry: PoolRegistry = new PoolRegistry(),
): Promise<PoolRegistry> {
  if (all.length === 0) throw new DomainError('invalid_argument', 'No model is configured. Name at least one.');
  const outcomes = await Promise.allSettled(all.map((options) => startPool(options)));
  const pools = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failure) {
    for (const pool of pools) registry.add(pool);
    return registry;
  }
  await Promise.all(pools.map((pool) => pool.close()));
  throw DomainError.from(failure.reason);
}

/**
 * The models of this process, each with its pool. Models come, go and become the default in one turn of the event loop:
 * a request sees the state before or the one after, and a pool that was lent to it serves it to its end.
 */
export class PoolRegistry implements ModelRegistry {
  private readonly pools = new Map<string, ModelPool>();
  private readonly retiring = new Set<ModelPool>();
  /** Undefined until the first pool is added. */
  private defaultName: string | undefined;
  private isOver = false;

  /**
   * The pool of `name`, or of the default model. Throws `model_unknown`, and `unavailable` before the first pool is
   * added.
   */
  pool(name: string | undefined = this.defaultName): ModelPool {
    const pool = name === undefined ? undefined : this.pools.get(name);
    if (pool) return pool;
    if (this.defaultName === undefined) {
      const text = 'The model is still being loaded. Try again in a few seconds.';
      throw new DomainError('unavailable', text, { retryAfterMs: LOADING_RETRY_MS });
    }
    const served = [...this.pools.keys()].join(', ');
    throw new DomainError('model_unknown', `The model ${JSON.stringify(name)} is not served here. Served: ${served}.`);
  }

  async lease<T>(name: string | undefined, use: (pool: EncodePool) => Promise<T>): Promise<T> {
    const pool = this.pool(name);
    const release = pool.hold();
    try {
      return await use(pool);
    } finally {
      release();
    }
  }

  /** The default model first. */
  list(): ModelInfo[] {
    return this.inOrder().map((pool) => pool.info);
  }

  /**
   * Serves a pool that is ready, under its model's name; the first is the default. One that comes when all is ending is
   * ended too.
   */
  add(pool: ModelPool): void {
    if (this.isOver) return void pool.close();
    this.defaultName ??= pool.shape.name;
    this.pools.set(pool.shape.name, pool);
  }

  /** Throws `model_unknown`. */
  makeDefault(name: string): void {
    this.defaultName = this.pool(name).shape.name;
  }

  /**
   * Gives a model's name to nobody any more. Leases of the pool are served to their end; resolves when its replicas are
   * gone. Throws `conflict` for the default model, without which nothing would serve a request that names none.
   */
  async remove(name: string): Promise<void> {
    const pool = this.pools.get(name);
    if (!pool) return;
    if (name === this.defaultName) throw new DomainError('conflict', `The model ${name} is the default one.`);
    this.pools.delete(name);
    this.retiring.add(pool);
    await pool.retire();
    this.retiring.delete(pool);
  }

  /** What a plan compares, the default model first. */
  actual(): ActualModel[] {
    return this.inOrder().map((pool) => ({ ...pool.shape, isDefault: pool.shape.name === this.defaultName }));
  }

  /** Health of each model, by name, the default model first. */
  health(): ReadonlyMap<string, PoolHealth> {
    return new Map(this.inOrder().map((pool) => [pool.shape.name, pool.health()]));
  }

  /** The default model first. */
  snapshot(): PoolSnapshot[] {
    return this.inOrder().map((pool) => pool.snapshot());
  }

  /** As `snapshot`, in detail; models out of service that finish what they have are told, too. */
  detail(): (PoolDetail & { readonly isLeaving: boolean })[] {
    const told = (isLeaving: boolean) => (pool: ModelPool) => ({ ...pool.detail(), isLeaving });
    return [...this.inOrder().map(told(false)), ...[...this.retiring].map(told(true))];
  }

  /** Models that are out of service and finish what they have; one may come back under its name meanwhile. */
  leaving(): PoolSnapshot[] {
    return [...this.retiring].map((pool) => pool.snapshot());
  }

  /** Refuses new calls, finishes what was accepted, ends every replica. */
  async drain(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.everyPool().map((pool) => pool.drain()));
  }

  /** Ends every replica at once; calls under way fail with `shutting_down`. */
  async close(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.everyPool().map((pool) => pool.close()));
  }

  private everyPool(): ModelPool[] {
    return [...this.pools.values(), ...this.retiring];
  }

  private inOrder(): ModelPool[] {
    if (this.defaultName === undefined) return [];
    const first = this.pool();
    return [first, ...[...this.pools.values()].filter((pool) => pool !== first)];
  }
}
