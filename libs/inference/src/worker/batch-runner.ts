import type { Clock, EncodeItem, Interval } from '#core';
import type { ClipModel, PreparedBatch } from '#clip';
import type { FromReplica } from '../wire/messages-from-replica.js';

/** What paces a replica. */
export interface Pace {
  readonly clock: Clock;
  /** Resolves after the event loop has been round once: what has arrived meanwhile is read. */
  nextTurn(): Promise<void>;
}

/**
 * One batch runs while the next is prepared; more would only bind work to this replica that another could do sooner.
 */
const BATCHES_HELD_MAX = 2;
/** Share of a run, and the most, that may be spent on waiting for the next batch before the run blocks everything. */
const WAIT_SHARE = 0.05;
const WAIT_MS_MAX = 2;
const HEALTH_ITEMS: readonly EncodeItem[] = [{ kind: 'text', text: 'a' }];

type Job = { readonly type: 'ping' } | BatchJob;

interface BatchJob {
  readonly type: 'batch';
  readonly id: number;
  readonly prepared: Promise<Prepared>;
  /** Whether it came while other work was held: a sign that still more waits. */
  readonly underLoad: boolean;
  /** It answers no pull. */
  readonly beside: boolean;
}

interface Prepared {
  readonly batch: PreparedBatch;
  readonly prepareMs: number;
  readonly prepare: Interval;
}

/**
 * The work of a replica, in order, one run at a time. `model.run` blocks the event loop, therefore each batch begins to
 * be prepared the moment it comes, answers are flushed before the next run, and the loop gets a turn to take the next
 * batch in, so that its decoding (in other threads) overlaps the run.
 */
export class BatchRunner {
  private readonly jobs: Job[] = [];
  private wake: (() => void) | undefined;
  private finished = false;
  private busy = false;
  private lastRunMs = 0;
  private allRunsMs = 0;

  constructor(
    private readonly model: ClipModel,
    /** Resolves when the message has left the process. */
    private readonly send: (message: FromReplica) => Promise<void>,
    private readonly pace: Pace,
  ) {}

  /** `beside`: it waits for its turn only when it is prepared, so that nothing waits for it meanwhile. */
  batch(id: number, items: readonly EncodeItem[], beside = false): void {
    const prepared = this.prepare(items);
    const job = { type: 'batch', id, prepared, underLoad: this.busy || this.jobs.length > 0, beside } as const;
    if (!beside) this.add(job);
    prepared.then(
      () => (beside ? this.add(job) : undefined),
      () => (beside ? this.add(job) : undefined),
    );
  }

  /** Asks for a real forward run after what is held already. */
  ping(): void {
    this.add({ type: 'ping' });
  }

  /** Nothing more will come: `run` ends after what is held. */
  finish(): void {
    this.finished = true;
    this.wake?.();
  }

  /** Pulls and works until `finish`. Rejects when preparing or running a batch as a whole throws. */
  async run(): Promise<void> {
    for (let n = 0; n < BATCHES_HELD_MAX; n += 1) await this.send({ type: 'pull' });
    for (let job = await this.next(); job; job = await this.next()) {
      this.busy = true;
      await (job.type === 'ping' ? this.pong() : this.answer(job));
      this.busy = false;
    }
  }

  private add(job: Job): void {
    this.jobs.push(job);
    this.wake?.();
  }

  private async next(): Promise<Job | undefined> {
    while (this.jobs.length === 0 && !this.finished) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.jobs.shift();
  }

  /** Measures without the runs that held it up meanwhile: what they hid costs the batch nothing. */
  private async prepare(items: readonly EncodeItem[]): Promise<Prepared> {
    const { allRunsMs } = this;
    const startMs = this.pace.clock.now();
    const batch = await this.model.prepare(items);
    const endMs = this.pace.clock.now();
    const hiddenMs = this.allRunsMs - allRunsMs;
    return { batch, prepareMs: Math.max(0, endMs - startMs - hiddenMs), prepare: { startMs, endMs } };
  }

  private async answer(job: BatchJob): Promise<void> {
    const { batch, prepareMs, prepare } = await job.prepared;
    await this.receiveNext(job);
    const startMs = this.pace.clock.now();
    const outcomes = await this.model.run(batch);
    const endMs = this.pace.clock.now();
    this.lastRunMs = endMs - startMs;
    this.allRunsMs += this.lastRunMs;
    const run = { startMs, endMs };
    void this.send({ type: 'result', id: job.id, prepareMs, runMs: this.lastRunMs, prepare, run, outcomes });
    if (!job.beside) await this.send({ type: 'pull' });
  }

  private async receiveNext(job: BatchJob): Promise<void> {
    const waitMs = job.underLoad ? Math.min(WAIT_MS_MAX, this.lastRunMs * WAIT_SHARE) : 0;
    const untilMs = this.pace.clock.now() + waitMs;
    do await this.pace.nextTurn();
    while (this.jobs.length === 0 && this.pace.clock.now() < untilMs);
  }

  private async pong(): Promise<void> {
    const [outcome] = await this.model.run(await this.model.prepare(HEALTH_ITEMS));
    if (!outcome?.ok) throw outcome?.error ?? new Error('the health run gave no answer');
    await this.send({ type: 'pong' });
  }
}
