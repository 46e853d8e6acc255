/** What one message holds of a lane. It belongs to the lane that gave it. */
export interface LanePlace {
  readonly caller: string;
  /** Bytes of it that have come and are counted. */
  held: number;
  /** Most bytes that may still come. */
  need: number;
  /** Still being sent: how long that takes is up to the caller. */
  isArriving: boolean;
}

interface Waiter {
  readonly place: LanePlace;
  readonly sinceMs: number;
  readonly onRoom: () => void;
  bytes: number;
}

/** Room that somebody asked for and did not get. */
export interface Lack {
  readonly place: LanePlace;
  readonly bytes: number;
}

/** What one caller holds. */
interface Share {
  used: number;
  readonly arriving: Set<LanePlace>;
}

export interface LaneBounds {
  /** Most bytes of all places together. */
  readonly bytesMax: number;
  /** Largest message, in bytes. */
  readonly messageBytesMax: number;
}

/**
 * Room for messages from their first byte until their answer. A message takes room as its bytes come and not before, so a slow
 * sender holds what it has sent and no more. Bytes are let in only as long as all messages that are still arriving can come to
 * their end one after the other (the banker's algorithm, E. W. Dijkstra, EWD 108): however many stop half way, one can go on.
 * The same holds within the part that one caller may have, half of the lane. A lone message always fits: it has a limit of its own.
 */
export class Lane {
  private used = 0;
  private readonly arriving = new Set<LanePlace>();
  private readonly shares = new Map<string, Share>();
  /** In the order of arrival. */
  private readonly waiting = new Map<LanePlace, Waiter>();
  private readonly callerBytesMax: number;

  constructor(private readonly bounds: LaneBounds) {
    this.callerBytesMax = Math.max(bounds.bytesMax / 2, bounds.messageBytesMax);
  }

  /** Bytes that all places hold. */
  get held(): number {
    return this.used;
  }

  /** A place for a message of at most `bytesExpected`; it holds nothing yet. */
  open(caller: string, bytesExpected: number): LanePlace {
    const need = Math.min(bytesExpected, this.callerBytesMax, this.bounds.bytesMax);
    const place = { caller, held: 0, need, isArriving: true };
    this.arriving.add(place);
    const share = this.shares.get(caller) ?? { used: 0, arriving: new Set() };
    share.arriving.add(place);
    this.shares.set(caller, share);
    return place;
  }

  /**
   * Counts `bytes` more of a message; false, and nothing changes, when there is no room, or when the message has just begun and
   * another one waits for that room.
   */
  take(place: LanePlace, bytes: number): boolean {
    if (place.held === 0 && this.waitsForAll()) return false;
    if (!this.fits(place, bytes)) return false;
    this.resize(place, place.held + bytes);
    return true;
  }

  /** Calls `onRoom` once `bytes` more are counted. Called again for the same place, it waits for the sum. */
  wait(place: LanePlace, bytes: number, nowMs: number, onRoom: () => void): void {
    const waiter = this.waiting.get(place);
    if (waiter) waiter.bytes += bytes;
    else this.waiting.set(place, { place, bytes, sinceMs: nowMs, onRoom });
    this.admit();
  }

  /** Whether the place waits for room. */
  isWaiting(place: LanePlace): boolean {
    return this.waiting.has(place);
  }

  /** The whole message is there. */
  complete(place: LanePlace): void {
    place.need = 0;
    place.isArriving = false;
    this.arriving.delete(place);
    this.shares.get(place.caller)?.arriving.delete(place);
    this.admit();
  }

  /** Sets what a place holds, for what turned out smaller than was counted. */
  shrink(place: LanePlace, bytes: number): void {
    if (bytes < place.held) this.resize(place, bytes);
    this.admit();
  }

  /** Gives a place back; again is no harm. */
  leave(place: LanePlace): void {
    this.waiting.delete(place);
    this.resize(place, 0);
    this.complete(place);
    const share = this.shares.get(place.caller);
    if (share?.used === 0 && share.arriving.size === 0) this.shares.delete(place.caller);
  }

  /** Who has waited longest of those who wait since `sinceMs` or before. */
  lack(sinceMs: number): Lack | undefined {
    for (const waiter of this.waiting.values()) if (waiter.sinceMs <= sinceMs) return waiter;
    return undefined;
  }

  /** Whether room that `other` gives back can be of use to `lack`. */
  helps(other: LanePlace, { place, bytes }: Lack): boolean {
    return other !== place && (other.caller === place.caller || this.hasShare(place, bytes));
  }

  /** Whether there is room for what was lacking. */
  has({ place, bytes }: Lack): boolean {
    return this.fits(place, bytes);
  }

  private resize(place: LanePlace, held: number): void {
    const growth = held - place.held;
    this.used += growth;
    const share = this.shares.get(place.caller);
    if (share) share.used += growth;
    place.held = held;
    place.need = Math.max(0, place.need - Math.max(0, growth));
  }

  private admit(): void {
    let isFirst = true;
    for (const waiter of this.waiting.values()) {
      const { place, bytes } = waiter;
      const mayOvertake = isFirst || place.held > 0;
      if (mayOvertake && this.fits(place, bytes)) {
        this.waiting.delete(place);
        this.resize(place, place.held + bytes);
        waiter.onRoom();
      } else if (this.hasShare(place, bytes)) isFirst = false;
    }
  }

  /** Whether somebody waits for room of all, and not for messages of its own. */
  private waitsForAll(): boolean {
    for (const { place, bytes } of this.waiting.values()) if (this.hasShare(place, bytes)) return true;
    return false;
  }

  private fits(place: LanePlace, bytes: number): boolean {
    const { bytesMax } = this.bounds;
    const hasRoom = this.used === place.held || this.used + bytes <= bytesMax;
    return hasRoom && this.hasShare(place, bytes) && this.isSafe(this.arriving, bytesMax, place, bytes);
  }

  private hasShare(place: LanePlace, bytes: number): boolean {
    const share = this.shares.get(place.caller);
    if (!share || share.used === place.held) return true;
    const isWithin = share.used + bytes <= this.callerBytesMax;
    return isWithin && this.isSafe(share.arriving, this.callerBytesMax, place, bytes);
  }

  /** Whether all of `places` could still come to their end within `bytesMax`, one after the other, once `place` has `bytes` more. */
  private isSafe(places: ReadonlySet<LanePlace>, bytesMax: number, place: LanePlace, bytes: number): boolean {
    let free = bytesMax - bytes;
    for (const { held } of places) free -= held;
    if (free >= this.bounds.messageBytesMax) return true;
    const after = [...places].map((other) =>
      other === place ? { held: other.held + bytes, need: Math.max(0, other.need - bytes) } : other,
    );
    after.sort((one, other) => one.need - other.need);
    for (const { held, need } of after) {
      if (need > 0 && need > free) return false;
      free += held;
    }
    return true;
  }
}
