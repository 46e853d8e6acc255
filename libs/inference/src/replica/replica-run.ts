import { Timer, type Clock, type DomainError, type ModelInfo } from '#core';
import type { Placement } from '../devices/placement.js';
import type { Batch } from '../scheduling/batch.js';
import type { WorkClass } from '../scheduling/submission.js';
import { BatchSizer } from '../scheduling/throughput.js';
import type { BatchResult, FromReplica } from '../wire/messages-from-replica.js';
import type { HeldBatches } from './held-batches.js';
import { LivenessMonitor } from './liveness-monitor.js';
import type { ProcessReading } from './process-probe.js';
import type { OpenLink, ReplicaLink, ReplicaLinkEvents } from './replica-link.js';
import { ReplicaClock } from './replica-clock.js';
import type { ReplicaListener } from './replica-listener.js';

/** What the replicas of one pool share. */
export interface ReplicaSettings {
  readonly openLink: OpenLink;
  readonly clock: Clock;
  /** A replica that gives no answer for this long is killed. */
  readonly runMsMax: number;
  /** Longest time that a model may take to load and warm up. */
  readonly loadMsMax: number;
}

/** A change of a run that its replica acts on; nothing follows `load_failed` or `ended`. */
export type RunEvent =
  | { readonly type: 'ready'; readonly info: ModelInfo }
  | { readonly type: 'load_failed'; readonly error: DomainError }
  /** The process ended by itself, or hung and was killed. */
  | { readonly type: 'ended'; readonly reason: string };

/** What a run shares with its replica. */
export interface ReplicaRunParts {
  /** Batches that were sent and not answered. */
  readonly held: HeldBatches;
  readonly listener: ReplicaListener;
  readonly notify: (event: RunEvent) => void;
}

/** Longest wait for a process that was asked to exit. */
const EXIT_MS_MAX = 5_000;
/** So long after its first answer a run has met what work there is, and holds the memory that it needs for that. */
const EARLY_MS = 60_000;

/**
 * Memory of one run: now, when first polled after it had loaded, and the most from then to a minute after its first
 * answer.
 */
export interface ReplicaMemory {
  readonly rssBytes: number;
  readonly atReadyBytes: number | undefined;
  readonly earlyPeakBytes: number;
}

/**
 * One run of a replica, from the start of its process to its end: the messages both ways, and whether the process
 * hangs.
 */
export class ReplicaRun implements ReplicaLinkEvents {
  /** Undefined until its process was polled. */
  memory: ReplicaMemory | undefined;
  /** How many items it should get at once. */
  readonly batchSizer: BatchSizer;
  private readonly link: ReplicaLink;
  private readonly monitor: LivenessMonitor;
  private readonly replicaClock = new ReplicaClock();
  private pulls = 0;
  private isPinged = false;
  private readyAtMs: number | undefined;
  private answeredAtMs: number | undefined;

  /** Starts the process; throws when it cannot be started. */
  constructor(
    private readonly placement: Placement,
    private readonly settings: ReplicaSettings,
    private readonly parts: ReplicaRunParts,
  ) {
    const limits = { ...settings, worksOnCpu: placement.provider === 'cpu' };
    this.batchSizer = new BatchSizer(settings.runMsMax);
    this.monitor = new LivenessMonitor(settings.clock, limits, {
      isWorking: () => !parts.held.isEmpty || this.isPinged,
      owesAnswer: () => this.owesAnswer,
      ping: () => this.ping(),
      hung: (reason) => this.fail(reason),
    });
    this.link = settings.openLink(placement, this);
    this.monitor.loadStarted();
  }

  get pid(): number | undefined {
    return this.link.pid;
  }

  /** Resolves when the process is out of the machine. */
  get exited(): Promise<void> {
    return this.link.exited;
  }

  /**
   * Whether it has pulled more batches than it got. For costly batches, which it works on beside those: whether it has
   * none. A run that holds a suspect batch gets no other: a death must have one explanation.
   */
  hasRoomFor(workClass: WorkClass): boolean {
    const { held } = this.parts;
    if (held.hasSuspect) return false;
    return workClass === 'costly' ? !held.hasCostly : this.pulls > 0;
  }

  /** When the last real forward run passed, on the pool's clock. */
  get lastForwardAtMs(): number | undefined {
    return this.monitor.lastForwardAtMs;
  }

  /** For how long it has been ready; 0 when it never was. */
  get servedMs(): number {
    return this.readyAtMs === undefined ? 0 : this.settings.clock.now() - this.readyAtMs;
  }

  send(batch: Batch): void {
    const items = batch.items.map((queued) => queued.item);
    if (batch.workClass === 'costly') {
      this.monitor.costlyStarted(batch.items.reduce((sum, { workMs }) => sum + workMs, 0));
      this.parts.held.add(batch);
      return this.link.send({ type: 'batch', id: batch.id, items, beside: true });
    }
    this.pulls -= 1;
    if (!this.owesAnswer) this.monitor.restartRunTimeout();
    this.parts.held.add(batch);
    this.link.send({ type: 'batch', id: batch.id, items });
  }

  /** Requests a forward run after what it holds. */
  requestForwardRun(): void {
    this.monitor.requestForwardRun();
  }

  /** Takes in a reading of its process; a process that hangs is killed. */
  observeProcess(reading: ProcessReading): void {
    const { rssBytes } = reading;
    const isReady = this.readyAtMs !== undefined;
    const { atReadyBytes = isReady ? rssBytes : undefined, earlyPeakBytes = 0 } = this.memory ?? {};
    const isPeak = isReady && this.isEarly && rssBytes > earlyPeakBytes;
    this.memory = { rssBytes, atReadyBytes, earlyPeakBytes: isPeak ? rssBytes : earlyPeakBytes };
    this.monitor.observe(reading);
  }

  /**
   * Asks it to exit; it must hold nothing. Resolves when it has exited, or was killed because it did not within 5 s.
   */
  async shutDown(): Promise<void> {
    this.monitor.stop();
    this.link.send({ type: 'close' });
    const late = new Timer(this.settings.clock);
    late.set(EXIT_MS_MAX, () => this.link.kill());
    await this.exited;
    late.clear();
  }

  /** Ends it at once; nobody hears of it any more. */
  kill(): void {
    this.monitor.stop();
    this.link.kill();
  }

  /** Called by the link. */
  message(message: FromReplica): void {
    const { listener, notify } = this.parts;
    switch (message.type) {
      case 'ready':
        return this.loaded(message);
      case 'load_failed':
        this.kill();
        return notify(message);
      case 'pull':
        this.pulls += 1;
        return listener.hasRoom();
      case 'pong':
        this.isPinged = false;
        this.monitor.forwardPassed();
        return listener.hasRoom();
      case 'result':
        return this.answered(message);
    }
  }

  /** Called by the link. */
  gone(reason: string): void {
    this.monitor.stop();
    this.parts.notify({ type: 'ended', reason });
  }

  /** Whether work is under way that is done one after the other. */
  private get owesAnswer(): boolean {
    return this.parts.held.serialItems > 0 || this.isPinged;
  }

  private get isEarly(): boolean {
    return this.answeredAtMs === undefined || this.settings.clock.now() - this.answeredAtMs <= EARLY_MS;
  }

  private ping(): void {
    if (this.isPinged) return;
    this.isPinged = true;
    this.link.send({ type: 'ping' });
  }

  private loaded({ info, itemMs }: Extract<FromReplica, { type: 'ready' }>): void {
    this.readyAtMs = this.settings.clock.now();
    this.monitor.loadPassed();
    if (itemMs) {
      this.batchSizer.observe('textual', 1, itemMs.textual);
      this.batchSizer.observe('visual', 1, itemMs.visual);
    }
    this.parts.notify({ type: 'ready', info });
  }

  private answered(result: BatchResult): void {
    const { held, listener } = this.parts;
    const batch = held.claim(result.id, result.outcomes.length);
    if (!batch) return this.fail('it answered what it was not asked');
    this.answeredAtMs ??= this.settings.clock.now();
    const encoded = result.outcomes.filter((outcome) => outcome.ok).length;
    // One batch is prepared while another runs, so the longer of the two is what it costs.
    if (batch.workClass !== 'costly')
      this.batchSizer.observe(batch.tower, encoded, Math.max(result.prepareMs, result.runMs));
    else this.monitor.costlyEnded();
    if (encoded > 0) this.monitor.forwardPassed();
    else this.monitor.restartRunTimeout();
    const window = { startMs: batch.dequeuedAtMs, endMs: this.settings.clock.now() };
    listener.answered(this.placement, batch, { ...result, ...this.replicaClock.toPool(result, window) });
    if (batch.workClass === 'costly') listener.hasRoom();
  }

  private fail(reason: string): void {
    this.kill();
    this.parts.notify({ type: 'ended', reason });
  }
}
