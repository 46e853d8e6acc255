import type { DomainError, ModelInfo, Tower } from '#core';
import { Alarm } from './alarm.js';
import type { Batch } from '../scheduling/batcher.js';
import { HeldBatches } from './held-batches.js';
import type { BatchResult } from '../wire/messages-from-replica.js';
import type { Placement } from '../devices/placement.js';
import type { ProcessReading } from './process-probe.js';
import type { ReplicaSnapshot, ReplicaState } from '../pool/pool-events.js';
import { ReplicaLife, type LifeEvents, type ReplicaMemory } from './replica-life.js';
import type { ReplicaSettings } from './replica-settings.js';
import { RestartPolicy } from './restart-policy.js';
import type { Line } from '../scheduling/submission.js';

/** What a replica tells the pool that owns it. */
export interface ReplicaOwner {
  ready(info: ModelInfo): void;
  /** There may be room for a batch. */
  hasRoom(): void;
  answered(replica: Replica, batch: Batch, result: BatchResult): void;
  /** It died with these batches, oldest first; their items belong to the pool again. */
  lost(replica: Replica, batches: readonly Batch[]): void;
  changed(replica: Replica): void;
}

/**
 * One replica of a model through all its lives: starts it, restarts it when it dies, lets it go when it is told to. Every
 * batch that goes in comes out once, by `answered` or by `lost`.
 */
export class Replica {
  state: ReplicaState = 'starting';
  reason: string | undefined;
  /** Why the model could not be loaded; undefined unless that was so since it was last ready. */
  loadError: DomainError | undefined;
  /** Deaths since it was last ready, failed loads included. */
  deathsInARow = 0;
  readonly held = new HeldBatches();
  /** Undefined between two lives. */
  private life: ReplicaLife | undefined;
  private restarts = 0;
  private sinceMs: number;
  private whenEmpty: (() => void) | undefined;
  private readonly policy = new RestartPolicy();
  private readonly restart: Alarm;

  constructor(
    readonly placement: Placement,
    private readonly settings: ReplicaSettings,
    private readonly owner: ReplicaOwner,
  ) {
    this.sinceMs = settings.clock.wallMs();
    this.restart = new Alarm(settings.clock);
  }

  /** Whether it wants a batch now, of any line. */
  get hasRoom(): boolean {
    return this.hasRoomFor('textual') || this.hasRoomFor('costly');
  }

  /** Whether it wants a batch of this line now. */
  hasRoomFor(line: Line): boolean {
    return this.state === 'ready' && this.life?.hasRoomFor(line) === true;
  }

  /** How many items of a tower it should get at once, by the time that they take here. */
  itemsAble(tower: Tower): number {
    return this.life?.pace.itemsMax(tower) ?? Infinity;
  }

  get pid(): number | undefined {
    return this.life?.pid;
  }

  /** Undefined until it was looked at in this life. */
  get rss(): ReplicaMemory | undefined {
    return this.life?.rss;
  }

  /** Takes in how its process is doing; one that hangs is killed. */
  look(reading: ProcessReading): void {
    this.life?.look(reading);
  }

  start(): void {
    this.become('starting', this.reason);
    try {
      this.life = new ReplicaLife(this.placement, this.settings, this.held, this.lifeEvents());
    } catch (error) {
      this.died('restarting', `it could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Must be called only while `hasRoomFor` its line. */
  send(batch: Batch): void {
    this.life?.send(batch);
  }

  /** Whether a real forward run has passed at `sinceMs` (the pool's clock) or later. */
  hasRunSince(sinceMs: number): boolean {
    return (this.life?.lastForwardAtMs ?? -Infinity) >= sinceMs;
  }

  /** Asks for a forward run now; the owner hears `hasRoom` when it has passed, or `lost` when the replica turns out dead. */
  prove(): void {
    this.life?.prove();
  }

  /**
   * Ends it for good: it takes no more work, answers what it holds, and goes. Should it die or hang before that, what it
   * held is told to the owner as `lost`, as ever. One that does not go within 5 s of its last answer, or is not ready, is
   * killed. Resolves when its process is out of the machine.
   */
  async stop(): Promise<void> {
    const { life } = this;
    if (this.state === 'ready') {
      this.become('stopping', undefined);
      if (!this.held.isEmpty) await new Promise<void>((resolve) => (this.whenEmpty = resolve));
      await this.life?.leave();
    }
    await this.end();
    await life?.exited;
  }

  /** Ends it for good and at once; what it holds is told to nobody. Resolves when its process is out of the machine. */
  async end(): Promise<void> {
    this.restart.clear();
    this.life?.end();
    this.held.takeAll();
    this.whenEmpty?.();
    if (this.state !== 'stopped') this.become('stopped', undefined);
    await this.life?.exited;
  }

  snapshot(): ReplicaSnapshot {
    const { life } = this;
    const lastForwardAtMs = life?.lastForwardAtMs;
    return {
      name: this.placement.replica,
      device: this.placement.device,
      state: this.state,
      reason: this.reason,
      sinceMs: this.sinceMs,
      rssBytes: life?.rss?.rssBytes,
      pid: life?.pid,
      restarts: this.restarts,
      itemsInFlight: this.held.items,
      lastForwardAgeMs: lastForwardAtMs === undefined ? undefined : this.settings.clock.now() - lastForwardAtMs,
    };
  }

  private lifeEvents(): LifeEvents {
    return {
      ready: (info) => {
        this.deathsInARow = 0;
        this.loadError = undefined;
        this.become('ready', undefined);
        this.owner.ready(info);
      },
      loadFailed: (error) => {
        this.loadError = error;
        this.died('failed', error.internal === undefined ? error.message : `${error.message} (${error.internal})`);
      },
      hasRoom: () => this.owner.hasRoom(),
      answered: (batch, result) => {
        this.owner.answered(this, batch, result);
        if (this.held.isEmpty) this.whenEmpty?.();
      },
      over: (reason) => this.died('restarting', reason),
    };
  }

  private died(state: 'restarting' | 'failed', reason: string): void {
    if (this.state === 'stopped') return;
    const ended = { servedMs: this.life?.servedMs ?? 0, suspectAboard: this.held.hasSuspect };
    const left = this.held.takeAll();
    this.life = undefined;
    this.deathsInARow += 1;
    if (this.state === 'stopping') return this.diedLeaving(left);
    this.restart.set(this.policy.delayAfter(ended), () => {
      this.restarts += 1;
      this.start();
    });
    this.become(state, reason);
    this.owner.lost(this, left);
  }

  private diedLeaving(left: readonly Batch[]): void {
    this.whenEmpty?.();
    if (left.length > 0) this.owner.lost(this, left);
  }

  private become(state: ReplicaState, reason: string | undefined): void {
    if (this.state !== state) this.sinceMs = this.settings.clock.wallMs();
    this.state = state;
    this.reason = reason;
    this.owner.changed(this);
  }
}
