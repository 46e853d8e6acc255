/** What one body holds of a lane. It belongs to the lane that gave it. */
export interface LanePlace {
  readonly caller: string;
  bytes: number;
  /** Still being sent: how long that takes is up to the caller. */
  isArriving: boolean;
}

interface Waiter {
  readonly caller: string;
  readonly bytes: number;
  readonly enter: (place: LanePlace) => void;
}

/**
 * Room of `bytesMax` for the bodies of requests, from their first byte until their answer. What is still arriving of one
 * caller gets half of it at most, so that nobody shuts the others out by sending slowly. A lone body always fits: it has a limit of its own.
 */
export class BodyLane {
  private used = 0;
  /** Bytes of each caller's bodies that are still arriving. */
  private readonly arriving = new Map<string, number>();
  /** In the order of arrival. */
  private readonly waiting = new Set<Waiter>();

  constructor(private readonly bytesMax: number) {}

  /** A place of `bytes`, or undefined when there is no room for it or somebody who came earlier waits for that room. */
  enter(caller: string, bytes: number): LanePlace | undefined {
    return this.next() === undefined && this.hasShare(caller, bytes) && this.hasRoom(bytes)
      ? this.place(caller, bytes)
      : undefined;
  }

  /** A place of `bytes` as soon as it is this body's turn. Rejects with the signal's reason when that ends the wait. */
  wait(caller: string, bytes: number, signal: AbortSignal): Promise<LanePlace> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(waiter);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        this.admit();
      };
      const enter = (place: LanePlace): void => {
        signal.removeEventListener('abort', leave);
        resolve(place);
      };
      const waiter = { caller, bytes, enter };
      this.waiting.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
      this.admit();
    });
  }

  /** Makes a place larger; false, and nothing changes, when there is no room for that. */
  grow(place: LanePlace, bytes: number): boolean {
    if (!this.hasShare(place.caller, bytes) || !this.hasRoom(bytes)) return false;
    this.resize(place, place.bytes + bytes);
    return true;
  }

  /** The whole body is there, and has `bytes`. */
  complete(place: LanePlace, bytes: number): void {
    this.resize(place, bytes);
    this.addArriving(place.caller, -bytes);
    place.isArriving = false;
    this.admit();
  }

  /** Gives a place back; again is no harm. */
  leave(place: LanePlace): void {
    this.resize(place, 0);
    this.admit();
  }

  private place(caller: string, bytes: number): LanePlace {
    const place = { caller, bytes: 0, isArriving: true };
    this.resize(place, bytes);
    return place;
  }

  private resize(place: LanePlace, bytes: number): void {
    const growth = bytes - place.bytes;
    this.used += growth;
    if (place.isArriving) this.addArriving(place.caller, growth);
    place.bytes = bytes;
  }

  private addArriving(caller: string, growth: number): void {
    const bytes = (this.arriving.get(caller) ?? 0) + growth;
    if (bytes === 0) this.arriving.delete(caller);
    else this.arriving.set(caller, bytes);
  }

  private admit(): void {
    for (let waiter = this.next(); waiter && this.hasRoom(waiter.bytes); waiter = this.next()) {
      this.waiting.delete(waiter);
      waiter.enter(this.place(waiter.caller, waiter.bytes));
    }
  }

  /** Who came first of those who do not wait for bodies of their own. */
  private next(): Waiter | undefined {
    for (const waiter of this.waiting) if (this.hasShare(waiter.caller, waiter.bytes)) return waiter;
    return undefined;
  }

  private hasRoom(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.bytesMax;
  }

  private hasShare(caller: string, bytes: number): boolean {
    const arriving = this.arriving.get(caller) ?? 0;
    return arriving === 0 || arriving + bytes <= this.bytesMax / 2;
  }
}
