import { type Clock, DomainError } from '#core';
import { Http2Windows } from './http2-windows.js';
import { ByteSemaphore, type Permit } from './byte-semaphore.js';
import { type BudgetParts, type MessageOptions, Reservation } from './reservation.js';

/**
 * Largest message that is never kept waiting behind large ones, in bytes: a page of texts, a picture of ordinary size.
 */
const SMALL_BYTES_MAX = 1024 * 1024;

const CHECK_INTERVAL_MS = 1_000;

/** How long somebody waits for room before slow messages are given up for it, in milliseconds. */
const WAIT_MS_MAX = 2_000;

/**
 * While others wait, a message is slow that got less than this part of what it holds in the last ten seconds. One that
 * comes evenly gets there after 160 seconds, however large it is.
 */
const SLOW_PART = 1 / 16;

/** When a message that was given up for its slowness may come again, in milliseconds. */
const SLOW_RETRY_AFTER_MS = 10_000;

/**
 * Of a stream 4 MB carry 1,400 messages of 100 KB a second at 10 ms round trip, where the default of 64 KB carries 32;
 * of a connection twice that.
 */
const HTTP2_WINDOW_BYTES = 8 * 1024 * 1024;

/** How large a budget is. */
export interface BudgetOptions {
  /** Most bytes of all messages under way. */
  readonly bytesMax: number;
  /** Largest message, in bytes. */
  readonly messageBytesMax: number;
  readonly clock: Clock;
  /** Largest HTTP/2 window of one connection, in bytes. */
  readonly windowBytesMax?: number;
}

/**
 * Bounds what all requests hold together (HTTP bodies, gRPC messages and WebSocket messages), from their first byte
 * until they are answered, at `bytesMax`: a quarter is for small messages, the rest for large ones, and one caller has
 * half of either at most. Messages acquire room as they come (see ByteSemaphore). While a message waits for room, the
 * budget gives up the slowest of the others, so nobody keeps room by sending a little now and then.
 *
 * @example
 * const reservation = budget.open({ caller, mayWait: () => true, onRoom: () => stream.resume(), onCut: fail });
 * stream.on('data', (piece) => void (reservation.add(piece.length) || stream.pause()));
 * stream.on('end', () => reservation.complete());
 * // … and when the request is answered:
 * reservation.release();
 */
export class ByteBudget implements BudgetParts {
  readonly small: ByteSemaphore;
  readonly large: ByteSemaphore;
  readonly smallBytesMax: number;
  readonly messageBytesMax: number;
  readonly clock: Clock;
  /** What HTTP/2 connections may send ahead: up to a quarter of the budget, beside it. */
  readonly windows: Http2Windows;
  private readonly arriving = new Set<Reservation>();
  private readonly refusals = new Map<ByteSemaphore, { permit: Permit; bytes: number }>();
  private isScheduled = false;

  constructor({ bytesMax, messageBytesMax, clock, windowBytesMax = HTTP2_WINDOW_BYTES }: BudgetOptions) {
    this.smallBytesMax = Math.min(SMALL_BYTES_MAX, bytesMax / 32);
    this.small = new ByteSemaphore({ bytesMax: bytesMax / 4, messageBytesMax: this.smallBytesMax });
    this.large = new ByteSemaphore({ bytesMax: (bytesMax * 3) / 4, messageBytesMax });
    this.messageBytesMax = messageBytesMax;
    this.clock = clock;
    this.windows = new Http2Windows(bytesMax / 4, windowBytesMax);
  }

  /** Bytes that all messages under way hold now. */
  get held(): number {
    return this.small.held + this.large.held;
  }

  /** Begins to count a message. */
  open(options: MessageOptions): Reservation {
    const reservation = new Reservation(this, options);
    this.arriving.add(reservation);
    this.scheduleCheck();
    return reservation;
  }

  refused(semaphore: ByteSemaphore, permit: Permit, bytes: number): void {
    this.refusals.set(semaphore, { permit, bytes });
  }

  settled(reservation: Reservation): void {
    this.arriving.delete(reservation);
  }

  private scheduleCheck(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.clock.after(CHECK_INTERVAL_MS, () => this.check());
  }

  private check(): void {
    this.isScheduled = false;
    for (const reservation of this.arriving) reservation.watch();
    for (const semaphore of [this.small, this.large]) this.relieve(semaphore);
    if (this.arriving.size > 0) this.scheduleCheck();
  }

  /** Gives slow messages up, the slowest first, until there is room for the message that has waited too long. */
  private relieve(semaphore: ByteSemaphore): void {
    const waiting = this.refusals.get(semaphore) ?? semaphore.longestWaiting(this.clock.now() - WAIT_MS_MAX);
    this.refusals.delete(semaphore);
    if (!waiting) return;
    const slow = [...this.arriving]
      .filter(({ recentShare }) => recentShare < SLOW_PART)
      .filter((one) => one.isIn(semaphore) && one.permit !== undefined && semaphore.helps(one.permit, waiting))
      .sort((one, other) => one.recentShare - other.recentShare);
    for (const one of slow) {
      if (semaphore.hasRoomFor(waiting)) return;
      one.cut(tooSlow());
      // What could not be freed at once will be soon: the next look sees whether it was enough.
      if (one.held > 0) return;
    }
  }
}

function tooSlow(): DomainError {
  return new DomainError(
    'queue_full',
    'The request came too slowly while others waited for the memory that it held. Send it again later, or in smaller parts.',
    { retryAfterMs: SLOW_RETRY_AFTER_MS },
  );
}
