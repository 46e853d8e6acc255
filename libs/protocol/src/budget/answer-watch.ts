import type { Clock } from '#core';
import { READ_MS_MAX } from './reservation.js';

/** How often the watch checks for clients that are gone, in milliseconds. */
const CHECK_INTERVAL_MS = 10_000;

/** One answer that a client is to read. */
export interface PendingAnswer {
  /** The client reads nothing any more. Called once, and the watch ends. */
  onStalled(): void;
  /** Whether the client is gone. */
  isGone(): boolean;
}

/**
 * Watches whether clients read the answers that wait for them, and gives up those that read nothing for ten minutes.
 * One timer serves all answers.
 *
 * @example
 * const watch = watches.open({ onStalled: () => socket.destroy(), isGone: () => socket.destroyed });
 * socket.write(answer, () => watch.stop());
 */
export class AnswerWatches {
  private readonly watches = new Set<AnswerWatch>();
  private isScheduled = false;

  constructor(private readonly clock: Clock) {}

  /** Starts to watch an answer; `stop` ends that. */
  open(answer: PendingAnswer): AnswerWatch {
    const watch = new AnswerWatch(answer, this.clock, this.watches);
    this.watches.add(watch);
    this.scheduleCheck();
    return watch;
  }

  private scheduleCheck(): void {
    if (this.isScheduled || this.watches.size === 0) return;
    this.isScheduled = true;
    let delayMs = CHECK_INTERVAL_MS;
    for (const { leftMs } of this.watches) delayMs = Math.min(delayMs, leftMs);
    this.clock.after(delayMs, () => this.check());
  }

  private check(): void {
    this.isScheduled = false;
    for (const watch of this.watches) watch.check();
    this.scheduleCheck();
  }
}

/** See AnswerWatches. */
export class AnswerWatch {
  private progressedAtMs: number;

  constructor(
    private readonly answer: PendingAnswer,
    private readonly clock: Clock,
    private readonly watches: Set<AnswerWatch>,
  ) {
    this.progressedAtMs = clock.now();
  }

  /** How much longer the client may read nothing, in milliseconds. */
  get leftMs(): number {
    return this.progressedAtMs + READ_MS_MAX - this.clock.now();
  }

  /** The client has read something: its time begins anew. */
  progressed(): void {
    this.progressedAtMs = this.clock.now();
  }

  /** Ends the watch. */
  stop(): void {
    this.watches.delete(this);
  }

  /** Gives the client up if its time has passed. */
  check(): void {
    const isGone = this.answer.isGone();
    if (!isGone && this.leftMs > 0) return;
    this.stop();
    if (!isGone) this.answer.onStalled();
  }
}
