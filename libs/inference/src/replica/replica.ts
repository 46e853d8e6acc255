import { type DomainError, type ModelInfo, thrownText, Timer, type Tower } from '#core';
import type { Placement } from '../devices/placement.js';
import type { Batch } from '../scheduling/batch.js';
import type { WorkClass } from '../scheduling/submission.js';
import { HeldBatches } from './held-batches.js';
import type { ProcessReading } from './process-probe.js';
import type { ReplicaListener } from './replica-listener.js';
import { ReplicaRun, type ReplicaMemory, type ReplicaSettings, type RunEvent } from './replica-run.js';
import type { ReplicaSnapshot, ReplicaState } from './replica-listener.js';
import { RestartPolicy } from './restart-policy.js';

/**
 * One replica of a model through all its runs: starts it, restarts it when it dies, ends it on `drain` or `close`. The
 * listener gets every batch that was sent back once, by `answered` or by `lost`.
 */
export class Replica {
  state: ReplicaState = 'starting';
  reason: string | undefined;
  /** What the model's files say; undefined before it is ready for the first time. */
  info: ModelInfo | undefined;
  /** Why the model could not be loaded; undefined unless that was so since it was last ready. */
  loadError: DomainError | undefined;
  /** Deaths since it was last ready, failed loads included. */
  deathsInARow = 0;
  readonly held = new HeldBatches();
  /** Undefined between two runs. */
  private run: ReplicaRun | undefined;
  private restarts = 0;
  private sinceMs: number;
  private readonly policy = new RestartPolicy();
  private readonly restart: Timer;

  constructor(
    readonly placement: Placement,
    private readonly settings: ReplicaSettings,
    private readonly listener: ReplicaListener,
  ) {
    this.sinceMs = settings.clock.wallMs();
    this.restart = new Timer(settings.clock);
  }

  /** Whether it wants a batch now, of any work class. */
  get hasRoom(): boolean {
    return this.hasRoomFor('textual') || this.hasRoomFor('costly');
  }

  /** Whether it wants a batch of this work class now. */
  hasRoomFor(workClass: WorkClass): boolean {
    return this.state === 'ready' && this.run?.hasRoomFor(workClass) === true;
  }

  /** How many items of a tower it should get at once, by the time that they take here. */
  itemsMax(tower: Tower): number {
    return this.run?.batchSizer.itemsMax(tower) ?? Infinity;
  }

  /** How many items of a tower it works off in a second when it is busy; undefined before it was measured. */
  itemsPerSecond(tower: Tower): number | undefined {
    return this.run?.batchSizer.itemsPerSecond(tower);
  }

  get pid(): number | undefined {
    return this.run?.pid;
  }

  /** Undefined until its process was polled in this run. */
  get memory(): ReplicaMemory | undefined {
    return this.run?.memory;
  }

  /** Takes in a reading of its process; a process that hangs is killed. */
  observeProcess(reading: ProcessReading): void {
    this.run?.observeProcess(reading);
  }

  start(): void {
    this.become('starting', this.reason);
    const parts = { held: this.held, listener: this.listener, notify: (event: RunEvent) => this.runChanged(event) };
    try {
      this.run = new ReplicaRun(this.placement, this.settings, parts);
    } catch (error) {
      this.died('restarting', `it could not be started: ${thrownText(error)}`);
    }
  }

  /** Must be called only while `hasRoomFor` its work class. */
  send(batch: Batch): void {
    this.run?.send(batch);
  }

  /** Whether a real forward run has passed at `sinceMs` (the pool's clock) or later. */
  hasRunSince(sinceMs: number): boolean {
    return (this.run?.lastForwardAtMs ?? -Infinity) >= sinceMs;
  }

  /**
   * Requests a forward run now: the listener hears `hasRoom` when it has passed, or `lost` when the replica turns out
   * dead.
   */
  requestForwardRun(): void {
    this.run?.requestForwardRun();
  }

  /**
   * Ends it for good: it takes no more work, answers what it holds, and exits. Should it die or hang before that, the
   * listener hears `lost` as ever. A replica that does not exit within 5 s of its last answer, or is not ready, is
   * killed. Resolves when its process is out of the machine.
   */
  async drain(): Promise<void> {
    const { run } = this;
    if (this.state === 'ready') {
      this.become('stopping', undefined);
      if (!this.held.isEmpty) await this.held.drained();
      await this.run?.shutDown();
    }
    await this.close();
    await run?.exited;
  }

  /** Ends it for good and at once; nobody hears of what it holds. Resolves when its process is out of the machine. */
  async close(): Promise<void> {
    this.restart.clear();
    this.run?.kill();
    this.held.removeAll();
    if (this.state !== 'stopped') this.become('stopped', undefined);
    await this.run?.exited;
  }

  snapshot(): ReplicaSnapshot {
    const { run } = this;
    const lastForwardAtMs = run?.lastForwardAtMs;
    return {
      name: this.placement.replica,
      device: this.placement.device,
      state: this.state,
      reason: this.reason,
      sinceMs: this.sinceMs,
      rssBytes: run?.memory?.rssBytes,
      pid: run?.pid,
      restarts: this.restarts,
      itemsInFlight: this.held.items,
      lastForwardAgeMs: lastForwardAtMs === undefined ? undefined : this.settings.clock.now() - lastForwardAtMs,
    };
  }

  private runChanged(event: RunEvent): void {
    switch (event.type) {
      case 'ready':
        this.deathsInARow = 0;
        this.loadError = undefined;
        this.info = event.info;
        return this.become('ready', undefined);
      case 'load_failed':
        this.loadError = event.error;
        return this.died('failed', withInternal(event.error));
      case 'ended':
        return this.died('restarting', event.reason);
    }
  }

  private died(state: 'restarting' | 'failed', reason: string): void {
    if (this.state === 'stopped') return;
    const ended = { servedMs: this.run?.servedMs ?? 0, heldSuspect: this.held.hasSuspect };
    const left = this.held.removeAll();
    this.run = undefined;
    this.deathsInARow += 1;
    if (this.state === 'stopping') {
      if (left.length > 0) this.listener.lost(this.placement, left);
      return;
    }
    this.restart.set(this.policy.delayAfter(ended), () => {
      this.restarts += 1;
      this.start();
    });
    this.become(state, reason);
    this.listener.lost(this.placement, left);
  }

  private become(state: ReplicaState, reason: string | undefined): void {
    if (this.state !== state) this.sinceMs = this.settings.clock.wallMs();
    this.state = state;
    this.reason = reason;
    this.listener.changed(this.snapshot());
  }
}

function withInternal({ message, internal }: DomainError): string {
  return internal === undefined ? message : `${message} (${internal})`;
}
