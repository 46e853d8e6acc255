import type { Http2Session } from 'node:http2';
import type { Reservation } from './reservation.js';

/** A connection's window is not raised for less than this, in bytes: it has 64 KiB from the start (RFC 9113 §6.9.2). */
const WORTH_BYTES = 128 * 1024;

/**
 * What HTTP/2 connections may send ahead of being read. A large window is needed for speed (one window comes in one
 * round trip), but what was sent ahead is in memory and no budget has let it in. So a connection has a small one until
 * it brings a message, and all large ones together are bounded: each takes an eighth of what is left, and a quarter of
 * what is left of the half that one address may have.
 */
export class Http2Windows {
  private readonly raised = new WeakSet<Http2Session>();
  /** Bytes of all raised windows, and of those of each address. */
  private held = 0;
  private readonly heldOf = new Map<string, number>();
  private readonly lastWaiting = new WeakMap<Http2Session, Reservation>();

  /**
   * @param bytesMax most bytes of all raised windows
   * @param windowBytesMax most bytes of one
   */
  constructor(
    private readonly bytesMax: number,
    private readonly windowBytesMax: number,
  ) {}

  /** Raises the window of a connection, where that has not been done and there is room for it. */
  raise(session: Http2Session | undefined): void {
    if (!session || session.destroyed || this.raised.has(session)) return;
    const address = session.socket.remoteAddress ?? 'unknown';
    const left = this.bytesMax - this.held;
    const leftOfAddress = this.bytesMax / 2 - (this.heldOf.get(address) ?? 0);
    const bytes = Math.floor(Math.min(this.windowBytesMax, left / 8, leftOfAddress / 4));
    if (bytes < WORTH_BYTES) return;
    session.setLocalWindowSize(bytes);
    this.raised.add(session);
    this.hold(address, bytes);
    session.once('close', () => this.hold(address, -bytes));
  }

  private hold(address: string, bytes: number): void {
    const ofAddress = (this.heldOf.get(address) ?? 0) + bytes;
    this.held += bytes;
    if (ofAddress === 0) this.heldOf.delete(address);
    else this.heldOf.set(address, ofAddress);
  }

  /**
   * Whether a message may wait for room without being read. One of a connection at a time: what waits takes up the
   * window that the other messages come through.
   */
  mayWait(session: Http2Session | undefined, reservation: Reservation): boolean {
    if (!session || this.lastWaiting.get(session)?.isWaiting === true) return false;
    this.lastWaiting.set(session, reservation);
    return true;
  }
}
