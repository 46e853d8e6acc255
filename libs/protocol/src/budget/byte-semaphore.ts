/** What one message holds of a semaphore. Only the semaphore that issued it may change it. */
export interface Permit {
  readonly caller: string;
  /** Bytes of it that have come and are counted. */
  held: number;
  /** Most bytes that may still come. */
  need: number;
  /** Whether the message is still being sent: the caller decides how long that takes. */
  isArriving: boolean;
}

interface Waiter {
  readonly permit: Permit;
  readonly sinceMs: number;
  readonly onRoom: () => void;
  bytes: number;
}

/** Bytes that a message asked for and did not get. */
export interface Waiting {
  readonly permit: Permit;
  readonly bytes: number;
}

/** What one caller holds. */
interface Share {
  used: number;
  readonly arriving: Set<Permit>;
}

/** How large a semaphore is, and what goes into it. */
export interface SemaphoreBounds {
  /** Most bytes of all permits together. */
  readonly bytesMax: number;
  /** Largest message, in bytes. */
  readonly messageBytesMax: number;
}

/**
 * Bounds the bytes that messages hold from their first byte until their answer: a weighted semaphore with a share for
 * each caller. A message acquires bytes as they come and not before, so a slow sender holds what it has sent and no
 * more. Bytes are admitted only while all messages that are still arriving can be completed one after the other (the
 * banker's algorithm, E. W. Dijkstra, EWD 108): however many stop half way, one can go on. The same rule holds within
 * the share of one caller, which is half of the semaphore. A lone message always fits: it has a limit of its own.
 */
export class ByteSemaphore {
  private used = 0;
  private readonly arriving = new Set<Permit>();
  private readonly shares = new Map<string, Share>();
  /** In the order of arrival. */
  private readonly waiting = new Map<Permit, Waiter>();
  private readonly callerBytesMax: number;

  constructor(private readonly bounds: SemaphoreBounds) {
    this.callerBytesMax = Math.max(bounds.bytesMax / 2, bounds.messageBytesMax);
  }

  /** Bytes that all permits hold. */
  get held(): number {
    return this.used;
  }

  /** A permit for a message of at most `bytesExpected`; it holds nothing yet. */
  open(caller: string, bytesExpected: number): Permit {
    const need = Math.min(bytesExpected, this.callerBytesMax, this.bounds.bytesMax);
    const permit = { caller, held: 0, need, isArriving: true };
    this.arriving.add(permit);
    const share = this.shares.get(caller) ?? { used: 0, arriving: new Set() };
    share.arriving.add(permit);
    this.shares.set(caller, share);
    return permit;
  }

  /**
   * Counts `bytes` more of a message; false, and nothing changes, when there is no room, or when the message has just
   * begun and another one waits for that room.
   */
  tryAcquire(permit: Permit, bytes: number): boolean {
    if (permit.held === 0 && this.waitsForAll()) return false;
    if (!this.fits(permit, bytes)) return false;
    this.resize(permit, permit.held + bytes);
    return true;
  }

  /** Calls `onRoom` once `bytes` more are counted. Called again for the same permit, it waits for the sum. */
  wait(permit: Permit, bytes: number, nowMs: number, onRoom: () => void): void {
    const waiter = this.waiting.get(permit);
    if (waiter) waiter.bytes += bytes;
    else this.waiting.set(permit, { permit, bytes, sinceMs: nowMs, onRoom });
    this.admit();
  }

  /** Whether the permit waits for room. */
  isWaiting(permit: Permit): boolean {
    return this.waiting.has(permit);
  }

  /** The whole message is there. */
  complete(permit: Permit): void {
    permit.need = 0;
    permit.isArriving = false;
    this.arriving.delete(permit);
    this.shares.get(permit.caller)?.arriving.delete(permit);
    this.admit();
  }

  /** Sets what a permit holds, for what turned out smaller than was counted. */
  shrink(permit: Permit, bytes: number): void {
    if (bytes < permit.held) this.resize(permit, bytes);
    this.admit();
  }

  /** Releases a permit; a second call does nothing. */
  release(permit: Permit): void {
    this.waiting.delete(permit);
    this.resize(permit, 0);
    this.complete(permit);
    const share = this.shares.get(permit.caller);
    if (share?.used === 0 && share.arriving.size === 0) this.shares.delete(permit.caller);
  }

  /** Returns the oldest request for bytes that has waited since `sinceMs` or longer. */
  longestWaiting(sinceMs: number): Waiting | undefined {
    for (const waiter of this.waiting.values()) if (waiter.sinceMs <= sinceMs) return waiter;
    return undefined;
  }

  /** Whether bytes that `other` releases can serve `waiting`. */
  helps(other: Permit, { permit, bytes }: Waiting): boolean {
    return other !== permit && (other.caller === permit.caller || this.hasShare(permit, bytes));
  }

  /** Whether there is room for what was lacking. */
  hasRoomFor({ permit, bytes }: Waiting): boolean {
    return this.fits(permit, bytes);
  }

  private resize(permit: Permit, held: number): void {
    const growth = held - permit.held;
    this.used += growth;
    const share = this.shares.get(permit.caller);
    if (share) share.used += growth;
    permit.held = held;
    permit.need = Math.max(0, permit.need - Math.max(0, growth));
  }

  private admit(): void {
    let isFirst = true;
    for (const waiter of this.waiting.values()) {
      const { permit, bytes } = waiter;
      const mayOvertake = isFirst || permit.held > 0;
      if (mayOvertake && this.fits(permit, bytes)) {
        this.waiting.delete(permit);
        this.resize(permit, permit.held + bytes);
        waiter.onRoom();
      } else if (this.hasShare(permit, bytes)) isFirst = false;
    }
  }

  /** Whether somebody waits for room of all, and not for messages of its own. */
  private waitsForAll(): boolean {
    for (const { permit, bytes } of this.waiting.values()) if (this.hasShare(permit, bytes)) return true;
    return false;
  }

  private fits(permit: Permit, bytes: number): boolean {
    const { bytesMax } = this.bounds;
    const hasRoom = this.used === permit.held || this.used + bytes <= bytesMax;
    return hasRoom && this.hasShare(permit, bytes) && this.isSafe(this.arriving, bytesMax, permit, bytes);
  }

  private hasShare(permit: Permit, bytes: number): boolean {
    const share = this.shares.get(permit.caller);
    if (!share || share.used === permit.held) return true;
    const isWithin = share.used + bytes <= this.callerBytesMax;
    return isWithin && this.isSafe(share.arriving, this.callerBytesMax, permit, bytes);
  }

  /**
   * Whether all of `permits` could still come to their end within `bytesMax`, one after the other, once `permit` has
   * `bytes` more.
   */
  private isSafe(permits: ReadonlySet<Permit>, bytesMax: number, permit: Permit, bytes: number): boolean {
    let free = bytesMax - bytes;
    for (const { held } of permits) free -= held;
    if (free >= this.bounds.messageBytesMax) return true;
    const after = [...permits].map((other) =>
      other === permit ? { held: other.held + bytes, need: Math.max(0, other.need - bytes) } : other,
    );
    after.sort((one, other) => one.need - other.need);
    for (const { held, need } of after) {
      if (need > 0 && need > free) return false;
      free += held;
    }
    return true;
  }
}
