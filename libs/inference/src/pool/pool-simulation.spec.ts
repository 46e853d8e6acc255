import { DomainError, ManualClock, type EncodeItem, type ItemResult } from '#core';
import { describe, expect, it } from 'vitest';
import { startPool, type ModelPool } from './pool.js';
import { aContext, anImage, aPngHead, aText, flush, idOf, poolOptions } from '../testing/builders.js';
import { SeededRandom } from '../testing/random.js';
import { SimulationRecord, simulatedLinks } from '../testing/simulated-links.js';

const BATCH_ITEMS_MAX = 8;
const ROUNDS = 60;
const SEEDS_PER_TEST = 100;
const SETTLE_MS_MAX = 600_000;

/** One call of the simulation and how it ended. */
interface Call {
  readonly items: EncodeItem[];
  readonly abort: AbortController;
  outcome?: ItemResult[] | DomainError;
}

class Simulation {
  readonly clock = new ManualClock();
  readonly record = new SimulationRecord(BATCH_ITEMS_MAX);
  readonly calls: Call[] = [];
  readonly random: SeededRandom;
  private nextId = 1;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  async run(): Promise<ModelPool> {
    const pool = await this.start();
    for (let round = 0; round < ROUNDS; round += 1) {
      if (this.random.chance(0.6)) this.call(pool);
      if (this.random.chance(0.1)) this.abortOne();
      if (this.random.chance(0.05)) this.changeReplicas(pool);
      this.clock.advance(this.random.between(0, 40));
      await flush();
    }
    for (let ms = 0; ms < SETTLE_MS_MAX && this.calls.some((call) => !call.outcome); ms += 100) {
      this.clock.advance(100);
      await flush();
    }
    return pool;
  }

  private async start(): Promise<ModelPool> {
    const links = simulatedLinks(this.clock, this.random, this.record);
    const limits = {
      replicas: this.random.between(1, 4),
      batchItemsMax: BATCH_ITEMS_MAX,
      queueItemsMax: 300,
      runMsMax: 1_000,
    };
    const started: ModelPool[] = [];
    void startPool(poolOptions(this.clock, links, limits)).then((pool) => started.push(pool));
    for (;;) {
      const [pool] = started;
      if (pool) return pool;
      this.clock.advance(50);
      await flush();
    }
  }

  private call(pool: ModelPool): void {
    const call: Call = { items: this.items(), abort: new AbortController() };
    this.calls.push(call);
    const context = aContext(`caller ${this.random.between(1, 5)}`, call.abort.signal);
    const priority = this.random.chance(0.5) ? 'bulk' : 'interactive';
    pool.submit(call.items, { ...context, priority }).then(
      (results) => (call.outcome = results),
      (error: unknown) => (call.outcome = DomainError.from(error)),
    );
  }

  private items(): EncodeItem[] {
    const count = this.random.chance(0.1) ? this.random.between(60, 200) : this.random.between(1, 12);
    return Array.from({ length: count }, () => {
      const id = this.nextId++;
      if (this.random.chance(0.004)) this.record.poison.add(id);
      if (this.random.chance(0.1)) return aPngHead(id, 8_000, 5_000);
      return this.random.chance(0.7) ? aText(id) : anImage(id);
    });
  }

  /** As a plan does: one comes, or one that is not the last goes. */
  private changeReplicas(pool: ModelPool): void {
    const { replicas } = pool.shape;
    const { name } = replicas[this.random.between(0, replicas.length - 1)] ?? {};
    if (replicas.length > 1 && name !== undefined && this.random.chance(0.5)) {
      pool.removeReplica(name).catch(() => undefined); // refused when no other is ready
    } else {
      pool.addReplica({ device: 'cpu', threads: 1 }).catch(() => undefined); // it may have to go before it is ready
    }
  }

  private abortOne(): void {
    const open = this.calls.filter((call) => !call.outcome);
    const call = open[this.random.between(0, open.length - 1)];
    if (!call) return;
    for (const item of call.items) this.record.abandoned.add(idOf(item));
    call.abort.abort();
  }
}

describe('a pool whose replicas crash, hang, come, go and meet poison by chance', () => {
  it.each(Array.from({ length: 20 }, (_, n) => n * SEEDS_PER_TEST + 1))(
    `loses nothing and answers nothing twice (${SEEDS_PER_TEST} seeds from %i)`,
    { timeout: 60_000 },
    async (first) => {
      for (let seed = first; seed < first + SEEDS_PER_TEST; seed += 1) await simulate(seed);
    },
  );
});

async function simulate(seed: number): Promise<void> {
  const simulation = new Simulation(seed);
  const pool = await simulation.run();
  const { record, calls } = simulation;

  expect(record.violations, `seed ${seed}`).toEqual([]);
  expect(calls.filter((call) => !call.outcome)).toEqual([]);
  for (const { items, outcome, abort } of calls) {
    if (outcome instanceof DomainError) {
      // A call that was refused may be given up in the same turn, before it has heard of it.
      expect(abort.signal.aborted ? ['cancelled', 'queue_full'] : ['queue_full']).toContain(outcome.code);
      continue;
    }
    const seen = outcome?.map((result) => (result.ok ? result.embedding[0] : result.error.code));
    expect(seen).toEqual(items.map((item) => (record.poison.has(idOf(item)) ? 'item_poisonous' : idOf(item))));
  }
  expect(pool.snapshot().queue).toEqual({ items: 0, bytes: 0, oldestAgeMs: 0, requests: 0 });
  await pool.close();
}
