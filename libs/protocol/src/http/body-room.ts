import type { IncomingMessage, ServerResponse } from 'node:http';
import { anonymous, DomainError } from '#core';
import { callerOf, stranger } from '../access/caller.js';
import { BodyLane, type LanePlace } from './body-lane.js';

/** Largest body that is never kept waiting behind large ones, in bytes: a page of texts, a picture of ordinary size. */
const SMALL_BYTES_MAX = 1024 * 1024;

/** After this long, in milliseconds, some of the requests under way have surely been answered. */
const RETRY_AFTER_MS = 1_000;

/**
 * Bounds what the bodies of all HTTP requests hold together, from their arrival until they are answered, at `allBytesMax`: a
 * quarter is for small bodies, the rest for large ones. A large body is not read before there is room for all of it, in the order of
 * arrival, so that each one that has begun can come to its end. A small one is refused when there is no room.
 */
export class BodyRoom {
  readonly small: BodyLane;
  readonly large: BodyLane;
  readonly smallBytesMax: number;

  constructor(
    allBytesMax: number,
    /** Largest body of one request, which one of unknown length may turn out to be. */
    readonly bodyBytesMax: number,
  ) {
    this.small = new BodyLane(allBytesMax / 4);
    this.large = new BodyLane((allBytesMax * 3) / 4);
    this.smallBytesMax = Math.min(SMALL_BYTES_MAX, allBytesMax / 32);
  }
}

/** What the body of one request holds of the room, from `begin` to `end`. */
export class BodyStay {
  private readonly caller: string;
  private held: { readonly lane: BodyLane; readonly place: LanePlace } | undefined;
  private gone: AbortController | undefined;
  private isAnnounced = false;
  private hasEnded = false;

  constructor(
    private readonly room: BodyRoom,
    private readonly req: IncomingMessage,
  ) {
    const { principal, address } = callerOf(req, 'http');
    this.caller = principal === anonymous || principal === stranger ? address : principal.id;
  }

  /**
   * To be called before anything is read, with the length of the body where the caller told it. Waits for the room of a large one;
   * throws `queue_full` when there is none for a small one, unless it comes from the Python client, which gives up its whole work at
   * the first refusal. Throws `cancelled` when the caller hangs up meanwhile.
   */
  async begin(bytes: number | undefined): Promise<void> {
    const { small, large, smallBytesMax } = this.room;
    this.isAnnounced = bytes !== undefined;
    const lane = (bytes ?? 0) > smallBytesMax ? large : small;
    const mayWait = lane === large || this.req.headers['user-agent']?.includes('aiohttp') === true;
    await this.enter(lane, bytes ?? 0, mayWait);
  }

  /** Another piece of the body has come; `bytes` are there now. Waits or throws as `begin` does where that was not announced. */
  async grow(bytes: number): Promise<void> {
    if (this.isAnnounced || this.hasEnded || !this.held) return;
    const { lane, place } = this.held;
    if (bytes <= this.room.smallBytesMax) {
      if (!lane.grow(place, bytes - place.bytes)) throw noRoom();
      return;
    }
    this.isAnnounced = true;
    await this.enter(this.room.large, this.room.bodyBytesMax, true);
    lane.leave(place);
  }

  /** The whole body is there. */
  complete(bytes: number): void {
    if (!this.hasEnded) this.held?.lane.complete(this.held.place, bytes);
  }

  /** The request is answered, or its caller is gone. */
  end(): void {
    this.hasEnded = true;
    this.gone?.abort(new DomainError('cancelled', 'The caller hung up before the request was whole.'));
    this.held?.lane.leave(this.held.place);
  }

  private async enter(lane: BodyLane, bytes: number, mayWait: boolean): Promise<void> {
    let place = lane.enter(this.caller, bytes);
    if (!place) {
      if (!mayWait) throw noRoom();
      this.gone ??= new AbortController();
      place = await lane.wait(this.caller, bytes, this.gone.signal);
    }
    this.held = { lane, place };
    if (this.hasEnded) this.end();
  }
}

const stays = new WeakMap<IncomingMessage, BodyStay>();

/** The stay of a request that has a body; it ends when the answer is on its way or the connection is gone. */
export function openStay(room: BodyRoom, req: IncomingMessage, res: ServerResponse): void {
  const stay = new BodyStay(room, req);
  stays.set(req, stay);
  res.once('close', () => stay.end());
}

/** The stay of this request, if one was opened. */
export function stayOf(req: IncomingMessage): BodyStay | undefined {
  return stays.get(req);
}

function noRoom(): DomainError {
  return new DomainError('queue_full', 'The server holds too many requests already. Send this one again later.', {
    retryAfterMs: RETRY_AFTER_MS,
  });
}
