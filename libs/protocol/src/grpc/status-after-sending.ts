import type { Readable } from 'node:stream';
import { type Metadata, status } from '@grpc/grpc-js';
import type { Clock } from '#core';
import type { BaseInterceptor } from './base-call.js';
import { stopMessages } from './message-flow.js';

/** The asyncio client of grpcio, as it names itself in `user-agent`. */
const TRIPPING_CLIENT = 'grpc-python-asyncio/';

/** A client that has sent nothing for so long after a whole message is taken to wait for an answer. */
const PAUSE_MS = 3_000;
/** A client that has sent nothing for so long in the middle of a message is taken to be gone. */
const STALL_MS = 5_000;
/** How long a client may go on sending to a call that has failed. */
const SENDING_MS_MAX = 30_000;
/** Most calls of the server that wait so at a time; further ones get their status at once. */
const WAITING_MAX = 1_000;

/** Statuses that a client knows by itself or does not wait for. */
const SENT_AT_ONCE = new Set([status.OK, status.CANCELLED, status.DEADLINE_EXCEEDED]);

/**
 * Lets the status of a failed stream wait until its client has ended its input, or pauses after a message, where the
 * client is the asyncio one of grpcio: from 1.58 on it gives up a send that is under way when the status arrives, and
 * reports that (`INTERNAL`, `execute_batch`) instead of the status. What it sends meanwhile is read and thrown away, so
 * that its send ends; nothing of it is kept. Other clients get the status at once. It goes before `interceptor`, and
 * after countMessages.
 */
export function statusAfterSending(clock: Clock, interceptor: BaseInterceptor): BaseInterceptor {
  let waiting = 0;
  return (method, call) => {
    if (!method.requestStream || !isTripping(call.metadata)) return interceptor(method, call);
    const sending = new Sending(call.stream, clock);
    const sendStatus = call.sendStatus.bind(call);
    let isOver = false;
    call.sendStatus = (outcome) => {
      if (isOver) return;
      isOver = true;
      if (SENT_AT_ONCE.has(outcome.code) || waiting >= WAITING_MAX) return sendStatus(outcome);
      waiting += 1;
      stopMessages(call.metadata);
      sending.whenOver(() => {
        waiting -= 1;
        sendStatus(outcome);
      });
    };
    return interceptor(method, call);
  };
}

function isTripping(metadata: Metadata): boolean {
  return String(metadata.get('user-agent')[0] ?? '').includes(TRIPPING_CLIENT);
}

/** Follows what the client of a call sends. */
class Sending {
  private readonly frames = new MessageFrames();
  /** Since when the stream has been read without that anything came. */
  private silentSinceMs: number;
  private onMore: () => void = () => undefined;

  constructor(
    private readonly stream: Readable,
    private readonly clock: Clock,
  ) {
    this.silentSinceMs = clock.now();
    const more = (): void => {
      this.silentSinceMs = clock.now();
      this.onMore();
    };
    // grpc-js has paused the stream: to listen reads nothing yet.
    stream.on('resume', more).on('data', (chunk: Buffer) => {
      this.frames.push(chunk);
      more();
    });
  }

  /**
   * Reads on and calls `done` once, when the client has ended its input, pauses, stalls, hangs up, or has sent for too
   * long.
   */
  whenOver(done: () => void): void {
    const { stream, clock } = this;
    if (stream.isPaused()) this.silentSinceMs = clock.now();
    if (stream.readableEnded || stream.destroyed || this.leftMs <= 0) return done();
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      cancelSilence();
      cancelWhole();
      this.onMore = () => undefined;
      done();
    };
    // What came while this process was busy is read before the look: then the client was not silent.
    const awaitMore = (): (() => void) => clock.after(this.leftMs, () => setImmediate(check));
    const check = (): void => (this.leftMs <= 0 ? end() : this.onMore());
    const cancelWhole = clock.after(SENDING_MS_MAX, end);
    let cancelSilence = awaitMore();
    this.onMore = () => {
      cancelSilence();
      cancelSilence = awaitMore();
    };
    stream.once('end', end).once('close', end);
    stream.resume();
  }

  private get silenceMsMax(): number {
    return this.frames.isBetween ? PAUSE_MS : STALL_MS;
  }

  /** How much longer the client may be silent. */
  private get leftMs(): number {
    return this.silentSinceMs + this.silenceMsMax - this.clock.now();
  }
}

/** A flag and the length: what stands before each message of a call (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;

/** Follows the bytes of a call, however they fall into chunks, and knows whether they stand between two messages. */
export class MessageFrames {
  private prefixRead = 0;
  private length = 0;
  private left = 0;

  /** Whether no message has begun that is not whole yet. */
  get isBetween(): boolean {
    return this.prefixRead === 0;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.prefixRead < PREFIX_BYTES) at += this.readPrefix(chunk[at] ?? 0);
      const passed = Math.min(this.left, chunk.length - at);
      at += passed;
      this.left -= passed;
      if (this.prefixRead === PREFIX_BYTES && this.left === 0) this.prefixRead = 0;
    }
  }

  private readPrefix(byte: number): 1 {
    // The first byte says whether the message is compressed; the others are its length, the highest first.
    this.length = this.prefixRead === 0 ? 0 : this.length * 256 + byte;
    this.prefixRead += 1;
    if (this.prefixRead === PREFIX_BYTES) this.left = this.length;
    return 1;
  }
}
