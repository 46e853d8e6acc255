import { type Clock, DomainError } from '#core';
import type { Lane, LanePlace } from './lane.js';

/** After this long, in milliseconds, some of the requests under way have surely been answered. */
const RETRY_AFTER_MS = 1_000;

/** How long a message is watched before its speed is judged, in milliseconds. */
const WINDOW_MS = 10_000;

/** How long a request may take for PROGRESS_BYTES of it, in milliseconds. */
export const PROGRESS_MS_MAX = 120_000;

/** How long a client may take nothing of an answer that waits for it, in milliseconds. */
export const TAKE_MS_MAX = 600_000;

/** The slowest that a message may come is this many bytes in the time for progress: over 2 kB a second with two minutes. */
export const PROGRESS_BYTES = 256 * 1024;

/** What a budget needs to know of a message: an HTTP body, a WebSocket or a gRPC message. */
export interface MessageOptions {
  /** Who sends it, asked for when its first byte is counted; see callerKey. */
  readonly caller: () => string;
  /** Most milliseconds for PROGRESS_BYTES of it; undefined where something else watches over that. Waiting for room does not count. */
  readonly progressMsMax?: number;
  /** Whether it may wait for room: its sender can be slowed down. Otherwise it is refused. */
  readonly mayWait: (isLarge: boolean) => boolean;
  /** There is room for all that has come: reading may go on. */
  readonly onRoom: () => void;
  /** It came too slowly and has to be given up: free what it holds, tell its sender why, and call `release`. */
  readonly onCut: (reason: DomainError) => void;
}

/** The lanes of a budget, and its clock. */
export interface Lanes {
  readonly small: Lane;
  readonly large: Lane;
  /** Largest message that goes by the small lane, in bytes. */
  readonly smallBytesMax: number;
  readonly messageBytesMax: number;
  readonly clock: Clock;
  /** Somebody was refused for want of room in this lane. */
  refused(lane: Lane, place: LanePlace, bytes: number): void;
  /** The message has arrived or is given up. */
  settled(reservation: Reservation): void;
}

/** What one message holds of the budget, from its first byte to `release`. */
export class Reservation {
  private stay: { readonly lane: Lane; readonly place: LanePlace } | undefined;
  /** The place in the lane that the message outgrew, until there is room in the other. */
  private before: { readonly lane: Lane; readonly place: LanePlace } | undefined;
  private bytesExpected: number | undefined;
  private total = 0;
  private isPending = false;
  private isOver = false;
  private progress: Mark;
  private window: Mark;
  private lastWindowBytes = Number.POSITIVE_INFINITY;

  constructor(
    private readonly lanes: Lanes,
    private readonly options: MessageOptions,
  ) {
    this.progress = this.window = this.mark();
  }

  /** Bytes that the message holds of the budget. */
  get held(): number {
    return this.stay?.place.held ?? 0;
  }

  /** Whether it waits for room for what has come. */
  get isWaiting(): boolean {
    return this.isPending;
  }

  /** Tells how long the message will be, in bytes, where that is known before it comes. To be called before `add`. */
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
    const lane = size > this.lanes.smallBytesMax ? this.lanes.large : this.lanes.small;
    return this.stay?.lane === lane ? this.ask(bytes) : this.enter(lane);
  }

  /** The whole message is there. What it holds it goes on holding. */
  complete(): void {
    if (this.isOver || this.isPending) return;
    this.stay?.lane.complete(this.stay.place);
    this.lanes.settled(this);
  }

  /** The message turned out to hold no more than `bytes`. */
  shrink(bytes: number): void {
    this.stay?.lane.shrink(this.stay.place, bytes);
  }

  /** The message is answered, or given up; again is no harm. */
  release(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.isPending = false;
    this.lanes.settled(this);
    this.before?.lane.leave(this.before.place);
    this.stay?.lane.leave(this.stay.place);
  }

  /** Gives the message up; its owner releases it. */
  cut(reason: DomainError): void {
    this.lanes.settled(this);
    this.options.onCut(reason);
  }

  /** Looks whether the message makes progress and gives it up if it does not. To be called every second or so. */
  watch(): void {
    const now = this.lanes.clock.now();
    if (this.isPending) return;
    if (now - this.window.atMs >= WINDOW_MS) {
      this.lastWindowBytes = this.total - this.window.bytes;
      this.window = this.mark();
    }
    const { progressMsMax = Number.POSITIVE_INFINITY } = this.options;
    if (this.total - this.progress.bytes >= PROGRESS_BYTES) this.progress = this.mark();
    else if (now - this.progress.atMs >= progressMsMax) this.cut(stalled(progressMsMax));
  }

  /** How much of what it holds came lately; infinite while that cannot be told. */
  get haste(): number {
    return this.isPending || this.held === 0 ? Number.POSITIVE_INFINITY : this.lastWindowBytes / this.held;
  }

  /** Where it is, for the budget to choose by. */
  get place(): LanePlace | undefined {
    return this.stay?.place;
  }

  isIn(lane: Lane): boolean {
    return this.stay?.lane === lane;
  }

  private enter(lane: Lane): boolean {
    const { messageBytesMax, smallBytesMax, small } = this.lanes;
    const most = this.bytesExpected ?? (lane === small ? smallBytesMax : messageBytesMax);
    this.before = this.stay;
    this.stay = { lane, place: lane.open(this.options.caller(), Math.max(most, this.total)) };
    return this.ask(this.total);
  }

  private ask(bytes: number): boolean {
    const { stay, lanes } = this;
    if (!stay) return true;
    if (stay.lane.take(stay.place, bytes)) {
      this.leaveBefore();
      return true;
    }
    if (!this.options.mayWait(stay.lane === lanes.large)) {
      this.release();
      lanes.refused(stay.lane, stay.place, bytes);
      throw noRoom();
    }
    this.isPending = true;
    this.wait(bytes);
    return !this.isPending;
  }

  private wait(bytes: number): void {
    this.stay?.lane.wait(this.stay.place, bytes, this.lanes.clock.now(), () => {
      this.isPending = false;
      this.leaveBefore();
      this.progress = this.window = this.mark();
      this.lastWindowBytes = Number.POSITIVE_INFINITY;
      this.options.onRoom();
    });
  }

  private leaveBefore(): void {
    const { before } = this;
    this.before = undefined;
    before?.lane.leave(before.place);
  }

  private mark(): Mark {
    return { bytes: this.total, atMs: this.lanes.clock.now() };
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
