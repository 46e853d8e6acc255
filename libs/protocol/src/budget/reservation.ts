import { type Clock, DomainError } from '#core';
import type { ByteSemaphore, Permit } from './byte-semaphore.js';

/** After this long, in milliseconds, some of the requests under way have surely been answered. */
const RETRY_AFTER_MS = 1_000;

/** How long a message is watched before its speed is judged, in milliseconds. */
const WINDOW_MS = 10_000;

/** How long a request may take for PROGRESS_BYTES of it, in milliseconds. */
export const PROGRESS_MS_MAX = 120_000;

/** How long a client may read nothing of an answer that waits for it, in milliseconds. */
export const READ_MS_MAX = 600_000;

/**
 * The slowest that a message may come is this many bytes in the time for progress: over 2 kB a second with two minutes.
 */
export const PROGRESS_BYTES = 256 * 1024;

/** What a budget needs to know of a message: an HTTP body, a WebSocket or a gRPC message. */
export interface MessageOptions {
  /** Who sends it, asked for when its first byte is counted; see callerKey. */
  readonly caller: () => string;
  /**
   * Most milliseconds for PROGRESS_BYTES of it; undefined where something else watches over that. Waiting for room does
   * not count.
   */
  readonly progressMsMax?: number;
  /** Whether it may wait for room: its sender can be slowed down. Otherwise it is refused. */
  readonly mayWait: (isLarge: boolean) => boolean;
  /** There is room for all that has come: reading may go on. */
  readonly onRoom: () => void;
  /** It came too slowly and has to be given up: free what it holds, tell its sender why, and call `release`. */
  readonly onCut: (reason: DomainError) => void;
}

/** What a reservation needs of its budget: the two semaphores and the clock. */
export interface BudgetParts {
  readonly small: ByteSemaphore;
  readonly large: ByteSemaphore;
  /** Largest message that the small semaphore counts, in bytes. */
  readonly smallBytesMax: number;
  readonly messageBytesMax: number;
  readonly clock: Clock;
  /** A message was refused because this semaphore had no room. */
  refused(semaphore: ByteSemaphore, permit: Permit, bytes: number): void;
  /** The message has arrived or is given up. */
  settled(reservation: Reservation): void;
}

/** What one message holds of the budget, from its first byte to `release`. */
export class Reservation {
  private current: { readonly semaphore: ByteSemaphore; readonly permit: Permit } | undefined;
  /** The permit of the semaphore that the message outgrew, until the other one has room. */
  private outgrown: { readonly semaphore: ByteSemaphore; readonly permit: Permit } | undefined;
  private bytesExpected: number | undefined;
  private total = 0;
  private isPending = false;
  private isOver = false;
  private progress: Mark;
  private window: Mark;
  private lastWindowBytes = Number.POSITIVE_INFINITY;

  constructor(
    private readonly budget: BudgetParts,
    private readonly options: MessageOptions,
  ) {
    this.progress = this.window = this.mark();
  }

  /** Bytes that the message holds of the budget. */
  get held(): number {
    return this.current?.permit.held ?? 0;
  }

  /** Whether it waits for room for what has come. */
  get isWaiting(): boolean {
    return this.isPending;
  }

  /** Announces the length of the message in bytes, where it is known beforehand. Must be called before `add`. */
  expect(bytes: number): void {
    this.bytesExpected = bytes;
  }

  /**
   * Counts bytes that have come. False: there is no room for them, and nothing more is to be read until `onRoom`.
   *
   * @throws DomainError `queue_full` when there is no room and the message may not wait; it holds nothing then
   */
  add(bytes: number): boolean {
    if (this.isOver) return true;
    this.total += bytes;
    if (this.isPending) {
      this.wait(bytes);
      return !this.isPending;
    }
    const size = Math.max(this.total, this.bytesExpected ?? 0);
    const semaphore = size > this.budget.smallBytesMax ? this.budget.large : this.budget.small;
    return this.current?.semaphore === semaphore ? this.ask(bytes) : this.enter(semaphore);
  }

  /** Marks the message as complete. It keeps holding its bytes. */
  complete(): void {
    if (this.isOver || this.isPending) return;
    this.current?.semaphore.complete(this.current.permit);
    this.budget.settled(this);
  }

  /** Lowers what the message holds to `bytes`, where it turned out smaller. */
  shrink(bytes: number): void {
    this.current?.semaphore.shrink(this.current.permit, bytes);
  }

  /** Releases what the message holds, once it is answered or given up; a second call does nothing. */
  release(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.isPending = false;
    this.budget.settled(this);
    this.outgrown?.semaphore.release(this.outgrown.permit);
    this.current?.semaphore.release(this.current.permit);
  }

  /** Gives the message up; its owner releases it. */
  cut(reason: DomainError): void {
    this.budget.settled(this);
    this.options.onCut(reason);
  }

  /** Checks that the message makes progress, and gives it up if it does not. The budget calls it about every second. */
  watch(): void {
    const now = this.budget.clock.now();
    if (this.isPending) return;
    if (now - this.window.atMs >= WINDOW_MS) {
      this.lastWindowBytes = this.total - this.window.bytes;
      this.window = this.mark();
    }
    const { progressMsMax = Number.POSITIVE_INFINITY } = this.options;
    if (this.total - this.progress.bytes >= PROGRESS_BYTES) this.progress = this.mark();
    else if (now - this.progress.atMs >= progressMsMax) this.cut(stalled(progressMsMax));
  }

  /** Which part of what it holds came in the last window; infinite while that is unknown. */
  get recentShare(): number {
    return this.isPending || this.held === 0 ? Number.POSITIVE_INFINITY : this.lastWindowBytes / this.held;
  }

  /** Its permit, by which the budget chooses. */
  get permit(): Permit | undefined {
    return this.current?.permit;
  }

  isIn(semaphore: ByteSemaphore): boolean {
    return this.current?.semaphore === semaphore;
  }

  private enter(semaphore: ByteSemaphore): boolean {
    const { messageBytesMax, smallBytesMax, small } = this.budget;
    const most = this.bytesExpected ?? (semaphore === small ? smallBytesMax : messageBytesMax);
    this.outgrown = this.current;
    this.current = { semaphore, permit: semaphore.open(this.options.caller(), Math.max(most, this.total)) };
    return this.ask(this.total);
  }

  private ask(bytes: number): boolean {
    const { current, budget } = this;
    if (!current) return true;
    if (current.semaphore.tryAcquire(current.permit, bytes)) {
      this.releaseOutgrown();
      return true;
    }
    if (!this.options.mayWait(current.semaphore === budget.large)) {
      this.release();
      budget.refused(current.semaphore, current.permit, bytes);
      throw noRoom();
    }
    this.isPending = true;
    this.wait(bytes);
    return !this.isPending;
  }

  private wait(bytes: number): void {
    this.current?.semaphore.wait(this.current.permit, bytes, this.budget.clock.now(), () => {
      this.isPending = false;
      this.releaseOutgrown();
      this.progress = this.window = this.mark();
      this.lastWindowBytes = Number.POSITIVE_INFINITY;
      this.options.onRoom();
    });
  }

  private releaseOutgrown(): void {
    const { outgrown } = this;
    this.outgrown = undefined;
    outgrown?.semaphore.release(outgrown.permit);
  }

  private mark(): Mark {
    return { bytes: this.total, atMs: this.budget.clock.now() };
  }
}

interface Mark {
  readonly bytes: number;
  readonly atMs: number;
}

function noRoom(): DomainError {
  return new DomainError('queue_full', 'The server holds too many requests already. Send this one again later.', {
    retryAfterMs: RETRY_AFTER_MS,
  });
}

function stalled(afterMs: number): DomainError {
  const seconds = Math.round(afterMs / 1000);
  return new DomainError(
    'deadline_exceeded',
    `The request stopped half way: in ${seconds} seconds hardly anything of it came. Send it again.`,
  );
}
