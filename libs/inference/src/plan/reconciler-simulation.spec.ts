import { DomainError, ManualClock, type EncodeItem, type ItemResult } from '#core';
import { describe, expect, it } from 'vitest';
import { startPool } from '../pool/pool.js';
import { PoolRegistry } from '../pool/model-registry.js';
import { aContext, aText, flush, idOf, poolOptions } from '../testing/builders.js';
import { aModel } from '../testing/plan-state.js';
import { SeededRandom } from '../testing/random.js';
import { SimulationRecord, simulatedLinks } from '../testing/simulated-links.js';
import type { DesiredModel } from './desired-models.js';
import { Reconciler } from './reconciler.js';

const BATCH_ITEMS_MAX = 8;
const ROUNDS = 150;
const SEEDS_PER_TEST = 20;
const SETTLE_ROUNDS_MAX = 20_000;

/** Requests beside versions that come at any time, over replicas that crash and hang in loading and in work. */
class Simulation {
  readonly clock = new ManualClock();
  readonly record = new SimulationRecord(BATCH_ITEMS_MAX);
  readonly outcomes: { items: EncodeItem[]; outcome?: ItemResult[] | DomainError }[] = [];
  /** The version that was asked for last, and the one that was said to be served. */
  version = 0;
  applied = 0;
  private readonly random: SeededRandom;
  private nextId = 1;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  async run(): Promise<PoolRegistry> {
    const registry = new PoolRegistry();
    registry.add(await this.firstPool());
    const reconciler = this.reconcilerOf(registry);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (this.random.chance(0.08)) reconciler.setDesired({ version: this.nextVersion(), models: this.models() });
      if (this.random.chance(0.7)) void this.request(registry);
      await this.pass(this.random.between(0, 120));
    }
    const isOpen = () => this.outcomes.some(({ outcome }) => !outcome);
    // A plan goes on without a pool that takes long to leave: the last request may end after the last step.
    const hasLeft = () => registry.leaving().length === 0;
    const isOver = () => !isOpen() && reconciler.status().state === 'applied' && hasLeft();
    for (let round = 0; round < SETTLE_ROUNDS_MAX && !isOver(); round += 1) await this.pass(200);
    return registry;
  }

  private async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await flush();
  }

  private async firstPool() {
    const start = (): ReturnType<typeof startPool> => startPool(this.options(aModel('a'))).catch(start);
    const started: Awaited<ReturnType<typeof start>>[] = [];
    void start().then((pool) => started.push(pool));
    for (;;) {
      const [pool] = started;
      if (pool) return pool;
      await this.pass(50);
    }
  }

  private options({ name, replicas, devices }: DesiredModel) {
    const links = simulatedLinks(this.clock, this.random, this.record);
    return poolOptions(this.clock, links, {
      ...{ name, replicas, devices, cores: 4, batchItemsMax: BATCH_ITEMS_MAX, runMsMax: 1_000 },
    });
  }

  private reconcilerOf(registry: PoolRegistry): Reconciler {
    return new Reconciler({
      ...{ registry, clock: this.clock, log: () => undefined },
      poolOptions: async (wanted) => this.options(wanted),
      defaults: { cores: 4, batchItemsMax: BATCH_ITEMS_MAX, rssBytesMax: undefined },
      onApplied: (version) => (this.applied = version),
    });
  }

  /** Mostly one more; now and then the database is restored. */
  private nextVersion(): number {
    const next = this.version + 1;
    this.version = this.random.chance(0.1) ? this.random.between(1, next) : next;
    return this.version;
  }

  private models(): DesiredModel[] {
    const names = ['a', 'b', 'c'].filter(() => this.random.chance(0.6));
    const chosen = names.length > 0 ? names : ['b'];
    const first = this.random.between(0, chosen.length - 1);
    return chosen.map((name, n) => aModel(name, { isDefault: n === first, replicas: this.random.between(1, 3) }));
  }

  /**
   * Takes the default model, hands its items in some time later in two parts, as one whose images are fetched first.
   */
  private async request(registry: PoolRegistry): Promise<void> {
    const pool = registry.pool();
    const letGo = pool.hold();
    const waitMs = [this.random.between(0, 2_000), this.random.between(0, 2_000)];
    for (const ms of waitMs) {
      await new Promise<void>((resolve) => this.clock.after(ms, resolve));
      const items = Array.from({ length: this.random.between(1, 12) }, () => aText(this.nextId++));
      const entry: (typeof this.outcomes)[number] = { items };
      this.outcomes.push(entry);
      entry.outcome = await pool.submit(items, aContext()).catch((error: unknown) => DomainError.from(error));
    }
    letGo();
  }
}

describe('models that are switched at any time, over replicas that fail by chance', () => {
  it.each(Array.from({ length: 10 }, (_, n) => n * SEEDS_PER_TEST + 1))(
    `cost no request, and end as was asked for last (${SEEDS_PER_TEST} seeds from %i)`,
    { timeout: 60_000 },
    async (first) => {
      for (let seed = first; seed < first + SEEDS_PER_TEST; seed += 1) await simulate(seed);
    },
  );
});

async function simulate(seed: number): Promise<void> {
  const simulation = new Simulation(seed);
  const registry = await simulation.run();
  expect(simulation.record.violations, `seed ${seed}`).toEqual([]);
  for (const { items, outcome } of simulation.outcomes) {
    const seen = outcome instanceof DomainError ? outcome.message : outcome?.map((one) => one.ok && one.embedding[0]);
    expect(seen, `seed ${seed}`).toEqual(items.map(idOf));
  }
  expect(simulation.outcomes.length).toBeGreaterThan(0);
  expect(simulation.applied, `seed ${seed}`).toBe(simulation.version);
  expect(registry.leaving(), `seed ${seed}`).toEqual([]);
  expect(registry.actual().filter(({ isDefault }) => isDefault)).toHaveLength(1);
  await registry.close();
}
