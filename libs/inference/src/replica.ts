import type { Clock, DomainError, ModelInfo } from '#core';
import { Alarm } from './alarm.js';
import type { Batch } from './batcher.js';
import { HeldBatches } from './held-batches.js';
import type { BatchResult, FromReplica } from './messages-from-replica.js';
import type { Placement } from './placement.js';
import type { ProcessReading } from './process-probe.js';
import type { ReplicaSnapshot, ReplicaState } from './pool-events.js';
import type { OpenLink, ReplicaLink } from './replica-link.js';
import { RestartPolicy } from './restart-policy.js';
import { StallDetector } from './stall-detector.js';
import { Vigil } from './vigil.js';

const STOP_MS_MAX = 5_000;

/** What a replica tells the pool that owns it. */
export interface ReplicaOwner {
  ready(info: ModelInfo): void;
  /** It pulled: there is room for a batch. */
  hasRoom(): void;
  answered(replica: Replica, batch: Batch, result: BatchResult): void;
  /** It died with these batches, oldest first; their items belong to the pool again. */
  lost(replica: Replica, batches: readonly Batch[]): void;
  changed(replica: Replica): void;
}

/** What the replicas of one pool share. */
export interface ReplicaSettings {
  readonly openLink: OpenLink;
  readonly clock: Clock;
  readonly runMsMax: number;
  readonly loadMsMax: number;
}

/**
 * One replica of a model through all its lives: starts it, restarts it when it dies, kills it when it hangs, and knows
 * which batches it holds. Every batch that goes in comes out once, by `answered` or by `lost`.
 */
export class Replica {
  state: ReplicaState = 'starting';
  reason: string | undefined;
  /** Why the model could not be loaded, the last time that it could not. */
  loadError: DomainError | undefined;
  /** Deaths since it was last ready, failed loads included. */
  deathsInARow = 0;
  readonly held = new HeldBatches();
  private restarts = 0;
  private pulls = 0;
  private pinged = false;
  private readyAtMs: number | undefined;
  private sinceMs: number;
  private memory: { readonly rssBytes: number; readonly atReadyBytes: number | undefined } | undefined;
  private whenEmpty: (() => void) | undefined;
  private link: ReplicaLink | undefined;
  private readonly policy = new RestartPolicy();
  private readonly vigil: Vigil;
  private readonly restart: Alarm;
  private readonly stall: StallDetector;

  constructor(
    readonly placement: Placement,
    private readonly settings: ReplicaSettings,
    private readonly owner: ReplicaOwner,
  ) {
    this.sinceMs = settings.clock.wallMs();
    this.restart = new Alarm(settings.clock);
    this.stall = new StallDetector(settings.clock);
    this.vigil = new Vigil(settings.clock, settings, {
      isWorking: () => this.isWorking,
      ping: () => this.ping(),
      hung: (reason) => this.kill(reason),
    });
  }

  /** Whether it wants a batch now. One that holds a suspect batch gets no other: a death must have one explanation. */
  get hasRoom(): boolean {
    return this.state === 'ready' && this.pulls > 0 && !this.held.hasSuspect;
  }

  get pid(): number | undefined {
    return this.link?.pid;
  }

  /** Memory of this life: now, and when it had just loaded; undefined until it was looked at. */
  get rss(): { readonly rssBytes: number; readonly atReadyBytes: number | undefined } | undefined {
    return this.memory;
  }

  /** Takes in how its process is doing; one that hangs is killed. */
  look(reading: ProcessReading): void {
    const atReadyBytes = this.memory?.atReadyBytes ?? (this.state === 'ready' ? reading.rssBytes : undefined);
    this.memory = { rssBytes: reading.rssBytes, atReadyBytes };
    const expected = { isWorking: this.isWorking, worksOnCpu: this.placement.provider === 'cpu' };
    const hung = this.stall.look(reading, expected);
    if (hung !== undefined) this.kill(hung);
  }

  start(): void {
    this.become('starting', this.reason);
    this.vigil.loading();
    try {
      this.link = this.settings.openLink(this.placement, {
        message: (message) => this.receive(message),
        gone: (reason) => this.died('restarting', reason),
      });
    } catch (error) {
      this.died('restarting', `it could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Must be called only while `hasRoom`. */
  send(batch: Batch): void {
    this.pulls -= 1;
    if (!this.isWorking) this.vigil.progressed();
    this.held.add(batch);
    this.link?.send({ type: 'batch', id: batch.id, items: batch.riders.map((rider) => rider.item) });
  }

  /** Whether a real forward run has passed at `sinceMs` (the pool's clock) or later. */
  hasRunSince(sinceMs: number): boolean {
    return (this.vigil.lastForwardAtMs ?? -Infinity) >= sinceMs;
  }

  /** Asks for a forward run now; the owner hears `hasRoom` when it has passed, or `lost` when the replica turns out dead. */
  prove(): void {
    if (this.isWorking) return;
    this.vigil.progressed();
    this.ping();
  }

  /**
   * Ends it for good: it takes no more work, answers what it holds, and goes. Should it die or hang before that, what it
   * held is told to the owner as `lost`, as ever. One that does not go within 5 s of its last answer, or is not ready, is
   * killed. Resolves when its process is out of the machine.
   */
  async stop(): Promise<void> {
    const { link } = this;
    if (this.state === 'ready') {
      this.become('stopping', undefined);
      if (!this.held.isEmpty) await new Promise<void>((resolve) => (this.whenEmpty = resolve));
      await this.leave();
    }
    await this.end();
    await link?.exited;
  }

  /** Ends it for good and at once; what it holds is told to nobody. Resolves when its process is out of the machine. */
  async end(): Promise<void> {
    this.vigil.end();
    this.restart.clear();
    this.link?.kill();
    this.held.takeAll();
    this.whenEmpty?.();
    if (this.state !== 'stopped') this.become('stopped', undefined);
    await this.link?.exited;
  }

  snapshot(): ReplicaSnapshot {
    const { lastForwardAtMs } = this.vigil;
    return {
      name: this.placement.replica,
      device: this.placement.device,
      state: this.state,
      reason: this.reason,
      sinceMs: this.sinceMs,
      rssBytes: this.memory?.rssBytes,
      pid: this.link?.pid,
      restarts: this.restarts,
      itemsInFlight: this.held.items,
      lastForwardAgeMs: lastForwardAtMs === undefined ? undefined : this.settings.clock.now() - lastForwardAtMs,
    };
  }

  private get isWorking(): boolean {
    return !this.held.isEmpty || this.pinged;
  }

  /** `close` and its grace; a link that is gone already has nobody to tell. */
  private async leave(): Promise<void> {
    const { link } = this;
    if (!link) return;
    this.vigil.end();
    link.send({ type: 'close' });
    const late = new Alarm(this.settings.clock);
    late.set(STOP_MS_MAX, () => link.kill());
    await link.exited;
    late.clear();
  }

  private ping(): void {
    this.pinged = true;
    this.link?.send({ type: 'ping' });
  }

  private receive(message: FromReplica): void {
    switch (message.type) {
      case 'ready':
        return this.loaded(message.info);
      case 'load_failed':
        return this.loadFailed(message.error);
      case 'pull':
        this.pulls += 1;
        return this.owner.hasRoom();
      case 'pong':
        this.pinged = false;
        this.vigil.forwardPassed();
        return this.owner.hasRoom();
      case 'result':
        return this.finished(message);
    }
  }

  private loaded(info: ModelInfo): void {
    this.readyAtMs = this.settings.clock.now();
    this.deathsInARow = 0;
    this.vigil.loaded();
    this.become('ready', undefined);
    this.owner.ready(info);
  }

  private loadFailed(error: DomainError): void {
    this.link?.kill();
    this.loadError = error;
    this.died('failed', error.internal === undefined ? error.message : `${error.message} (${error.internal})`);
  }

  private finished(result: BatchResult): void {
    const batch = this.held.claim(result.id, result.outcomes.length);
    if (!batch) return this.kill('it answered what it was not asked');
    if (result.outcomes.some((outcome) => outcome.ok)) this.vigil.forwardPassed();
    else this.vigil.progressed();
    this.owner.answered(this, batch, result);
    if (this.held.isEmpty) this.whenEmpty?.();
  }

  private kill(reason: string): void {
    this.link?.kill();
    this.died('restarting', reason);
  }

  private died(state: 'restarting' | 'failed', reason: string): void {
    if (this.state === 'stopped') return;
    if (this.state === 'stopping') return this.diedLeaving();
    const servedMs = this.readyAtMs === undefined ? 0 : this.settings.clock.now() - this.readyAtMs;
    const delayMs = this.policy.delayAfter({ servedMs, suspectAboard: this.held.hasSuspect });
    const left = this.held.takeAll();
    this.forgetLife();
    this.restart.set(delayMs, () => {
      this.restarts += 1;
      this.start();
    });
    this.become(state, reason);
    this.owner.lost(this, left);
  }

  private diedLeaving(): void {
    const left = this.held.takeAll();
    this.forgetLife();
    this.whenEmpty?.();
    if (left.length > 0) this.owner.lost(this, left);
  }

  private forgetLife(): void {
    this.vigil.end();
    this.stall.forget();
    this.memory = undefined;
    this.pulls = 0;
    this.pinged = false;
    this.readyAtMs = undefined;
    this.link = undefined;
    this.deathsInARow += 1;
  }

  private become(state: ReplicaState, reason: string | undefined): void {
    if (this.state !== state) this.sinceMs = this.settings.clock.wallMs();
    this.state = state;
    this.reason = reason;
    this.owner.changed(this);
  }
}
