import { readModelInfo } from '#clip';
import { type Clock, DomainError, untilAborted } from '#core';
import { canonicalName } from '../catalogue/catalogue.js';
import type { StoreEvent } from '../progress/store-events.js';
import type { ModelStore } from '../store/model-store.js';
import { TransferRate } from './transfer-rate.js';

/**
 * `waiting`: the hub or another process is waited for; `checking`: what is here is read; `ready`: the files are here
 * and whole. Nothing follows `ready`, `failed` and `cancelled`.
 */
export type PullState = 'waiting' | 'downloading' | 'checking' | 'ready' | 'failed' | 'cancelled';

/** A download of a model into the cache of this machine, and how far it is. */
export interface Pull {
  readonly model: string;
  readonly state: PullState;
  /** What it does, or why it failed and what to do, in words. */
  readonly text: string;
  readonly bytesDone: number;
  /** Null before the hub has told. */
  readonly bytes: number | null;
  /** Over the last five seconds; null unless bytes arrive. */
  readonly bytesPerSecond: number | null;
  /** In milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Null while it is under way. */
  readonly endedAtMs: number | null;
  /** Somebody asked for it, and can cancel it; else the model is being loaded, and its files come first. */
  readonly isAsked: boolean;
}

export interface PullsParts {
  readonly store: Pick<ModelStore, 'find' | 'pull' | 'requireName'>;
  /** Tells that nothing needs the files of a model now, unless it is served. */
  readonly release: (model: string) => Promise<void>;
  readonly clock: Clock;
}

/** Downloads that somebody asked for, at a time: each has the line and the disk to share. */
const RUNNING_MAX = 4;
const ENDED_KEPT = 20;

/**
 * The downloads of models on this machine: those that somebody asks for, and those of models that are about to be
 * served. Two of one model are one.
 *
 * @example
 * await pulls.start('ViT-B-32::openai');
 * pulls.list()[0]?.bytesDone; // grows
 */
export class Pulls {
  private readonly running = new Map<string, RunningPull>();
  private readonly ended: Pull[] = [];

  constructor(private readonly parts: PullsParts) {}

  /**
   * Begins a download, unless one of the same model runs; resolves at once, with how far it is.
   *
   * @throws DomainError `invalid_argument` for a name that nothing stands for, `conflict` while four others run
   */
  async start(name: string): Promise<Pull> {
    const model = canonicalName(name);
    const before = this.running.get(model);
    if (!before) await this.parts.store.requireName(model);
    const running = this.running.get(model) ?? this.begin(model);
    if (running.isAsked) return running.view();
    const asked = [...this.running.values()].filter(({ isAsked }) => isAsked).length;
    if (asked >= RUNNING_MAX) {
      if (!before) this.running.delete(model);
      throw new DomainError(
        'conflict',
        `${RUNNING_MAX} models are being downloaded here. Wait for one, or cancel one.`,
      );
    }
    running.isAsked = true;
    void this.run(running, before !== undefined);
    return running.view();
  }

  /**
   * Ends a download that somebody asked for; what has arrived is kept for the next one.
   *
   * @throws DomainError `not_found` when there is none, `conflict` for the files of a model that is about to be served
   */
  cancel(name: string): Pull {
    const running = this.running.get(canonicalName(name));
    if (!running) throw new DomainError('not_found', 'No download of this model is under way on this pod.');
    if (!running.isAsked) {
      const text = 'This pod downloads the model in order to serve it. Roll the models back instead, which ends it.';
      throw new DomainError('conflict', text);
    }
    running.cancelling.abort();
    return running.view();
  }

  /** Those under way, then those that have ended, the newest first. */
  list(): Pull[] {
    return [...Array.from(this.running.values(), (running) => running.view()), ...this.ended];
  }

  /** Takes in what the store does; downloads that nobody asked for are shown, too. */
  onStoreEvent(event: StoreEvent): void {
    const { model, kind } = event;
    const isBegin = kind === 'started' || kind === 'waiting' || kind === 'retry';
    const running = this.running.get(model) ?? (isBegin ? this.begin(model) : undefined);
    if (!running) return;
    running.onEvent(event);
    if (running.isAsked || (kind !== 'done' && kind !== 'failed')) return;
    const text =
      kind === 'done'
        ? READY
        : 'The download broke off; what has arrived is kept. The model says why it was not loaded.';
    this.end(running, kind === 'done' ? 'ready' : 'failed', text);
  }

  private begin(model: string): RunningPull {
    const running = new RunningPull(model, this.parts.clock);
    this.running.set(model, running);
    return running;
  }

  /** `isJoined`: the model is being loaded already, and a cancel leaves that alone. Never rejects. */
  private async run(running: RunningPull, isJoined: boolean): Promise<void> {
    const { store, release } = this.parts;
    const { model, cancelling } = running;
    try {
      if (await store.find(model)) running.become('checking', 'Reads every byte of the files that are here.');
      const pulled = store.pull(model, cancelling.signal);
      const folder = await (isJoined ? untilAborted(cancelling.signal, pulled) : pulled);
      running.become('checking', 'Reads what the files say of the model.');
      await readModelInfo(folder, model);
      this.end(running, 'ready', READY);
    } catch (thrown) {
      if (cancelling.signal.aborted) this.end(running, 'cancelled', 'It was cancelled. What has arrived is kept.');
      else this.end(running, 'failed', DomainError.from(thrown).message);
    }
    await release(model).catch(() => undefined);
  }

  private end(running: RunningPull, state: PullState, text: string): void {
    running.become(state, text);
    if (this.running.get(running.model) === running) this.running.delete(running.model);
    this.ended.unshift({ ...running.view(), endedAtMs: this.parts.clock.wallMs() });
    const older = this.ended.findIndex(({ model }, at) => at > 0 && model === running.model);
    if (older > 0) this.ended.splice(older, 1);
    this.ended.splice(ENDED_KEPT);
  }
}

const READY = 'The files are here, and whole.';

class RunningPull {
  readonly cancelling = new AbortController();
  isAsked = false;
  private state: PullState = 'waiting';
  private text = 'Asks the hub for the list of files.';
  private bytesDone = 0;
  private bytes: number | null = null;
  private readonly rate: TransferRate;
  private readonly startedAtMs: number;

  constructor(
    readonly model: string,
    clock: Clock,
  ) {
    this.startedAtMs = clock.wallMs();
    this.rate = new TransferRate(clock);
  }

  become(state: PullState, text: string): void {
    this.state = state;
    this.text = text;
  }

  onEvent(event: StoreEvent): void {
    switch (event.kind) {
      case 'started':
        this.bytes = event.bytes;
        this.become('downloading', `Downloads ${event.files} files of ${event.repository}.`);
        return this.progress(event.bytesThere);
      case 'progress':
        this.bytes = event.bytes;
        this.become('downloading', this.text);
        return this.progress(event.bytesDone);
      case 'retry':
        return this.become(
          this.state,
          `${event.file}: ${event.reason}; tries again in ${Math.round(event.delayMs / 1000)} s.`,
        );
      case 'waiting':
        return this.become('waiting', 'Another process downloads the same model here; waits for it.');
      case 'done':
        this.bytesDone = event.bytes;
        return this.become('checking', 'All bytes are here, and their digests are right.');
      case 'failed':
      case 'evicted':
        return;
    }
  }

  view(): Pull {
    const { model, state, text, bytesDone, bytes, startedAtMs, isAsked } = this;
    const bytesPerSecond = state === 'downloading' ? this.rate.perSecond() : null;
    return { model, state, text, bytesDone, bytes, bytesPerSecond, startedAtMs, endedAtMs: null, isAsked };
  }

  private progress(bytesDone: number): void {
    this.bytesDone = Math.max(this.bytesDone, bytesDone);
    this.rate.observe(bytesDone);
  }
}
