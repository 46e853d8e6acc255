import type { DomainError, ModelInfo } from '#core';
import { Alarm } from './alarm.js';
import type { Batch } from '../scheduling/batcher.js';
import type { HeldBatches } from './held-batches.js';
import type { BatchResult, FromReplica } from '../wire/messages-from-replica.js';
import type { Placement } from '../devices/placement.js';
import type { ProcessReading } from './process-probe.js';
import type { ReplicaLink } from './replica-link.js';
import type { ReplicaSettings } from './replica-settings.js';
import type { Line } from '../scheduling/submission.js';
import { Vigil } from './vigil.js';
import { WorkPace } from '../scheduling/work-pace.js';

const STOP_MS_MAX = 5_000;

/** What a life tells its replica; nothing follows `loadFailed` or `over`. */
export interface LifeEvents {
  ready(info: ModelInfo): void;
  loadFailed(error: DomainError): void;
  /** It pulled, or showed that it lives: there may be room for a batch. */
  hasRoom(): void;
  answered(batch: Batch, result: BatchResult): void;
  /** It ended by itself, or hung and was killed. */
  over(reason: string): void;
}

/** So long after its first answer a life has met what work there is, and holds what it needs for that. */
const YOUTH_MS = 60_000;

/** Memory of one life: now, at the first look after it had loaded, and the most from then to a minute after its first answer. */
export interface ReplicaMemory {
  readonly rssBytes: number;
  readonly atReadyBytes: number | undefined;
  readonly youngBytes: number;
}

/** One life of a replica, from the start of its process to its end: what is said both ways, and whether it hangs. */
export class ReplicaLife {
  /** Undefined until its process was looked at. */
  rss: ReplicaMemory | undefined;
  /** How many items it should get at once. */
  readonly pace: WorkPace;
  private readonly link: ReplicaLink;
  private readonly vigil: Vigil;
  private pulls = 0;
  private pinged = false;
  private readyAtMs: number | undefined;
  private answeredAtMs: number | undefined;

  /** Starts the process, or throws when it cannot. `held` is where the batches are that it has and has not answered. */
  constructor(
    placement: Placement,
    private readonly settings: ReplicaSettings,
    private readonly held: HeldBatches,
    private readonly events: LifeEvents,
  ) {
    const limits = { ...settings, worksOnCpu: placement.provider === 'cpu' };
    this.pace = new WorkPace(settings.runMsMax);
    this.vigil = new Vigil(settings.clock, limits, {
      isWorking: () => this.isWorking,
      owesAnswer: () => this.owesAnswer,
      ping: () => this.ping(),
      hung: (reason) => this.kill(reason),
    });
    this.link = settings.openLink(placement, {
      message: (message) => this.receive(message),
      gone: (reason) => this.over(reason),
    });
    this.vigil.loading();
  }

  get pid(): number | undefined {
    return this.link.pid;
  }

  /** Resolves when the process is out of the machine. */
  get exited(): Promise<void> {
    return this.link.exited;
  }

  /**
   * Whether it has pulled more batches than it got; of costly ones, which it works on beside those, whether it has none.
   * One that holds a suspect gets no other: a death must have one explanation.
   */
  hasRoomFor(line: Line): boolean {
    if (this.held.hasSuspect) return false;
    return line === 'costly' ? !this.held.hasCostly : this.pulls > 0;
  }

  /** When the last real forward run passed, on the pool's clock. */
  get lastForwardAtMs(): number | undefined {
    return this.vigil.lastForwardAtMs;
  }

  /** For how long it has been ready; 0 when it never was. */
  get servedMs(): number {
    return this.readyAtMs === undefined ? 0 : this.settings.clock.now() - this.readyAtMs;
  }

  send(batch: Batch): void {
    const items = batch.riders.map((rider) => rider.item);
    if (batch.line === 'costly') {
      this.vigil.costlyBegun(batch.riders.reduce((sum, { workMs }) => sum + workMs, 0));
      this.held.add(batch);
      return this.link.send({ type: 'batch', id: batch.id, items, beside: true });
    }
    this.pulls -= 1;
    if (!this.owesAnswer) this.vigil.progressed();
    this.held.add(batch);
    this.link.send({ type: 'batch', id: batch.id, items });
  }

  /** Asks for a forward run after what it holds. */
  prove(): void {
    this.vigil.prove();
  }

  /** Takes in how its process is doing; one that hangs is killed. */
  look(reading: ProcessReading): void {
    const { rssBytes } = reading;
    const isReady = this.readyAtMs !== undefined;
    const { atReadyBytes = isReady ? rssBytes : undefined, youngBytes = 0 } = this.rss ?? {};
    const isPeak = isReady && this.isYoung && rssBytes > youngBytes;
    this.rss = { rssBytes, atReadyBytes, youngBytes: isPeak ? rssBytes : youngBytes };
    this.vigil.look(reading);
  }

  /** Asks it to go; it must hold nothing. Resolves when it is gone: by itself, or killed since it did not go within 5 s. */
  async leave(): Promise<void> {
    this.vigil.end();
    this.link.send({ type: 'close' });
    const late = new Alarm(this.settings.clock);
    late.set(STOP_MS_MAX, () => this.link.kill());
    await this.exited;
    late.clear();
  }

  /** Ends it at once; nothing is told any more. */
  end(): void {
    this.vigil.end();
    this.link.kill();
  }

  private get isWorking(): boolean {
    return !this.held.isEmpty || this.pinged;
  }

  /** Something is under way that is done one after the other. */
  private get owesAnswer(): boolean {
    return this.held.itemsInLine > 0 || this.pinged;
  }

  private get isYoung(): boolean {
    return this.answeredAtMs === undefined || this.settings.clock.now() - this.answeredAtMs <= YOUTH_MS;
  }

  private ping(): void {
    if (this.pinged) return;
    this.pinged = true;
    this.link.send({ type: 'ping' });
  }

  private receive(message: FromReplica): void {
    switch (message.type) {
      case 'ready':
        return this.loaded(message);
      case 'load_failed':
        this.end();
        return this.events.loadFailed(message.error);
      case 'pull':
        this.pulls += 1;
        return this.events.hasRoom();
      case 'pong':
        this.pinged = false;
        this.vigil.forwardPassed();
        return this.events.hasRoom();
      case 'result':
        return this.finished(message);
    }
  }

  private loaded({ info, itemMs }: Extract<FromReplica, { type: 'ready' }>): void {
    this.readyAtMs = this.settings.clock.now();
    this.vigil.loaded();
    if (itemMs) {
      this.pace.learn('textual', 1, itemMs.textual);
      this.pace.learn('visual', 1, itemMs.visual);
    }
    this.events.ready(info);
  }

  private finished(result: BatchResult): void {
    const batch = this.held.claim(result.id, result.outcomes.length);
    if (!batch) return this.kill('it answered what it was not asked');
    this.answeredAtMs ??= this.settings.clock.now();
    const encoded = result.outcomes.filter((outcome) => outcome.ok).length;
    // One batch is prepared while another runs, so the longer of the two is what it costs.
    if (batch.line !== 'costly') this.pace.learn(batch.tower, encoded, Math.max(result.prepareMs, result.runMs));
    else this.vigil.costlyEnded();
    if (encoded > 0) this.vigil.forwardPassed();
    else this.vigil.progressed();
    this.events.answered(batch, result);
    if (batch.line === 'costly') this.events.hasRoom();
  }

  private kill(reason: string): void {
    this.end();
    this.events.over(reason);
  }

  private over(reason: string): void {
    this.vigil.end();
    this.events.over(reason);
  }
}
