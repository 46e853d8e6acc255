import type { EncodeItem, ManualClock, Tower } from '#core';
import { towerOf } from '#core';
import type { ToReplica } from '../wire/messages-to-replica.js';
import type { OpenLink, ReplicaLink, ReplicaLinkEvents } from '../replica/replica-link.js';
import { idOf, SCRIPTED_INFO } from './builders.js';
import type { SeededRandom } from './random.js';

type BatchMessage = Extract<ToReplica, { type: 'batch' }>;

const TIMES = { prepare: { startMs: 0, endMs: 1 }, run: { startMs: 1, endMs: 6 } };

/** What simulated replicas saw; broken promises of the pool are listed, not thrown, so that none is swallowed. */
export class SimulationRecord {
  readonly violations: string[] = [];
  readonly poison = new Set<number>();
  /** Items whose callers have gone. */
  readonly abandoned = new Set<number>();
  readonly deaths = new Map<number, number>();
  readonly answered = new Set<number>();
  batches = 0;
  lives = 0;

  constructor(readonly batchItemsMax: number) {}

  inspect({ items }: BatchMessage): void {
    this.batches += 1;
    const towers = new Set<Tower>(items.map(towerOf));
    if (towers.size !== 1) this.violations.push('a batch of two towers');
    if (items.length === 0 || items.length > this.batchItemsMax) this.violations.push(`a batch of ${items.length}`);
    for (const id of items.map(idOf)) {
      if (this.answered.has(id)) this.violations.push(`item ${id} ran again after its answer`);
      if (this.abandoned.has(id)) this.violations.push(`item ${id} ran for a caller that had gone`);
    }
  }
}

/**
 * Replicas on a hand-turned clock that load, run, crash and hang by chance, and die of poison for certain. None dies in
 * two loads one after the other: after three deaths in a row the pool would rightly say that it is out of service.
 */
export function simulatedLinks(clock: ManualClock, random: SeededRandom, record: SimulationRecord): OpenLink {
  const diedLoading = new Set<string>();
  return ({ replica }, events) => {
    const dies = !diedLoading.delete(replica) && random.chance(0.1);
    if (dies) diedLoading.add(replica);
    return new SimulatedLink(clock, random, record, events, dies);
  };
}

class SimulatedLink implements ReplicaLink {
  readonly pid = undefined;
  readonly exited = Promise.resolve();
  private readonly held: BatchMessage[] = [];
  private pings = 0;
  private over = false;
  private running = false;

  constructor(
    private readonly clock: ManualClock,
    private readonly random: SeededRandom,
    private readonly record: SimulationRecord,
    private readonly events: ReplicaLinkEvents,
    diesLoading: boolean,
  ) {
    record.lives += 1;
    this.after(random.between(1, 500), () => (diesLoading ? this.die() : this.ready()));
  }

  send(message: ToReplica): void {
    if (message.type === 'ping') this.pings += 1;
    if (message.type === 'batch') this.receive(message);
    if (message.type === 'close') this.over = true;
    if (!this.running) this.run();
  }

  kill(): void {
    this.blame();
    this.over = true;
  }

  private ready(): void {
    this.events.message({ type: 'ready', info: SCRIPTED_INFO });
    this.events.message({ type: 'pull' });
    this.events.message({ type: 'pull' });
  }

  private receive(batch: BatchMessage): void {
    this.record.inspect(batch);
    this.held.push(batch);
    const beside = this.held.filter((held) => held.beside).length;
    if (this.held.length - beside > 2) this.record.violations.push('a replica that holds three batches');
    if (beside > 1) this.record.violations.push('a replica that holds two costly batches');
  }

  private run(): void {
    const batch = this.held[0];
    if (!batch) return this.pong();
    this.running = true;
    const fate = this.random.next();
    if (fate < 0.03 && this.mayFail()) return;
    this.after(this.random.between(1, 60), () => {
      if (this.isPoisoned(batch) || (fate > 0.95 && this.mayFail())) return this.die();
      this.answer(batch);
    });
  }

  /** Chance strikes an item once at most, so that only poison kills twice. */
  private mayFail(): boolean {
    return this.heldIds().every((id) => !this.record.deaths.has(id));
  }

  private isPoisoned({ items }: BatchMessage): boolean {
    return items.some((item) => this.record.poison.has(idOf(item)));
  }

  private answer(batch: BatchMessage): void {
    this.held.shift();
    this.running = false;
    const outcomes = batch.items.map((item: EncodeItem) => {
      this.record.answered.add(idOf(item));
      return { ok: true as const, embedding: Float32Array.of(idOf(item)) };
    });
    this.events.message({ type: 'result', id: batch.id, prepareMs: 1, runMs: 5, ...TIMES, outcomes });
    if (!batch.beside) this.events.message({ type: 'pull' });
    if (!this.running) this.run();
  }

  private pong(): void {
    if (this.pings === 0) return;
    this.pings -= 1;
    this.events.message({ type: 'pong' });
  }

  private die(): void {
    this.blame();
    this.over = true;
    this.events.gone('died by chance');
  }

  private blame(): void {
    for (const id of this.heldIds()) this.record.deaths.set(id, (this.record.deaths.get(id) ?? 0) + 1);
    this.held.length = 0;
  }

  private heldIds(): number[] {
    return this.held.flatMap((batch) => batch.items.map(idOf));
  }

  private after(delayMs: number, task: () => void): void {
    this.clock.after(delayMs, () => {
      if (!this.over) task();
    });
  }
}
