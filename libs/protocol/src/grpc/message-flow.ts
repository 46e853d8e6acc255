import type { Metadata } from '@grpc/grpc-js';
import { DomainError } from '#core';
import { callerKey, callerOf } from '../request/caller.js';
import { type ByteBudget, GrowingBuffer, PROGRESS_MS_MAX, type Reservation } from '../budget/index.js';
import type { BaseCall, BaseInterceptor } from './base-call.js';
import { toServiceError } from './grpc-errors.js';

/**
 * A message starts with a byte that tells whether it is compressed and four of its length (gRPC over HTTP/2,
 * Length-Prefixed-Message).
 */
const PREFIX_BYTES = 5;

/** DEFLATE makes no more than this of a byte (zlib.net, "Maximum Compression Factor"). */
const DEFLATE_FACTOR_MAX = 1032;

const flows = new WeakMap<Metadata, MessageFlow>();

/**
 * The reservation of the message that the handler of a streaming call has read just now. It holds the budget until it
 * is released, at the latest until the call is over.
 */
export function claimMessage(metadata: Metadata): Reservation | undefined {
  return flows.get(metadata)?.claim();
}

/** Releases what the answered messages of a call hold of the budget. */
export function releaseMessages(metadata: Metadata): void {
  flows.get(metadata)?.releaseAnswered();
}

/** Accepts no further message of a failed call: what comes is discarded, and incomplete messages hold nothing. */
export function stopMessages(metadata: Metadata): void {
  flows.get(metadata)?.stop();
}

/**
 * Counts gRPC messages in the budget, from their first byte until they are answered: as they come, and as they are
 * unpacked. While there is no room, the stream is not read (HTTP/2 then stops the sender) or, where another stream of
 * the connection waits already, refused with `queue_full`. A message that makes no progress is given up. It goes before
 * `interceptor`, the first of the server's.
 *
 * grpc-js has no hook there, so the parts of its call that take messages apart are replaced; the checks make an update
 * that moves them fail loudly.
 */
export function countMessages(budget: ByteBudget, interceptor: BaseInterceptor): BaseInterceptor {
  return (method, call) => {
    new MessageFlow(budget, call, method.requestStream);
    return interceptor(method, call);
  };
}

/** A message that has not been handed to grpc-js yet. */
interface Incoming {
  readonly prefix: Buffer;
  prefixLength: number;
  /** Prefix and content. */
  readonly reservation: Reservation;
  whole: GrowingBuffer;
  remaining: number;
  isComplete: boolean;
  /** Goes on with what waited for room. */
  proceed: () => void;
}

class MessageFlow {
  /** Takes the place of grpc-js's decoder. Its limit is grpc-js's own, so that it can be lowered for one call. */
  readonly decoder: { maxReadMessageLength: number; write: (chunk: Buffer) => Buffer[] };
  /** In the order of arrival; the last one may be incomplete. */
  private readonly incoming: Incoming[] = [];
  /** Messages that grpc-js has and no handler has claimed. */
  private readonly handedOver: Incoming[] = [];
  private unpacking: Incoming[] = [];
  private isReadRequested = false;
  private hasEnded = false;
  private isStopped = false;

  constructor(
    private readonly budget: ByteBudget,
    private readonly call: BaseCall,
    /** Whether any number of messages may come, with any time between them. */
    private readonly isStream: boolean,
  ) {
    const { stream, metadata, decoder } = call;
    const handleEnd = call.handleEndEvent.bind(call);
    const startRead = call.startRead.bind(call);
    const decompress = call.decompressMessage.bind(call);
    this.decoder = {
      maxReadMessageLength: decoder.maxReadMessageLength,
      write: (chunk) => this.write(chunk),
    };
    this.end = handleEnd;
    Object.assign(call, {
      decoder: this.decoder,
      startRead: () => {
        this.isReadRequested = true;
        startRead();
        if (this.isHeld) stream.pause();
      },
      handleEndEvent: () => {
        this.hasEnded = true;
        this.endIfDone();
      },
      decompressMessage: (message: Buffer, encoding: string) => this.unpack(message, encoding, decompress),
    });
    flows.set(metadata, this);
    const finish = (): void => this.finish();
    stream.on('close', finish).on('finish', finish);
    // A call that is to bring one message has the time of one from its beginning.
    if (!isStream) this.begin();
  }

  private readonly end: () => void;

  /** See claimMessage. */
  claim(): Reservation | undefined {
    return this.handedOver.shift()?.reservation;
  }

  /** See releaseMessages. */
  releaseAnswered(): void {
    for (const { reservation } of this.handedOver.splice(0)) reservation.release();
  }

  /** See stopMessages. */
  stop(): void {
    this.isStopped = true;
    for (const { reservation } of this.incoming.splice(0)) reservation.release();
    if (this.isStream) this.budget.windows.raise(this.call.stream.session); // so that the client comes to its end soon
  }

  private get isHeld(): boolean {
    return this.incoming.some(({ reservation }) => reservation.isWaiting);
  }

  /** Takes bytes of the stream and gives the messages that are whole and may be read. */
  private write(chunk: Buffer): Buffer[] {
    if (this.isStopped) return [];
    try {
      this.split(chunk);
    } catch (err) {
      if (!(err instanceof DomainError)) throw err;
      this.fail(err);
      return [];
    }
    if (this.isHeld) this.call.stream.pause();
    return this.whole();
  }

  private split(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const last = this.incoming.at(-1);
      const message = last && !last.isComplete ? last : this.begin();
      if (message.prefixLength < PREFIX_BYTES) {
        message.prefix[message.prefixLength++] = chunk[at++] ?? 0;
        if (message.prefixLength === PREFIX_BYTES) this.open(message);
      } else {
        const piece = chunk.subarray(at, at + message.remaining);
        at += piece.length;
        message.remaining -= piece.length;
        message.whole.append(piece);
        message.reservation.add(piece.length);
      }
      message.isComplete = message.prefixLength === PREFIX_BYTES && message.remaining === 0;
    }
  }

  private begin(): Incoming {
    const { budget, call } = this;
    const message: Incoming = {
      prefix: Buffer.alloc(PREFIX_BYTES),
      prefixLength: 0,
      whole: new GrowingBuffer(),
      remaining: 0,
      isComplete: false,
      proceed: () => this.proceed(),
      reservation: budget.open({
        caller: () => callerKey(callerOf(call.metadata, 'grpc')),
        progressMsMax: PROGRESS_MS_MAX,
        mayWait: () => budget.windows.mayWait(call.stream.session, message.reservation),
        onRoom: () => message.proceed(),
        onCut: (reason) => {
          message.reservation.release();
          this.fail(reason);
        },
      }),
    };
    this.incoming.push(message);
    return message;
  }

  /** The prefix is there: the length of the message is known. */
  private open(message: Incoming): void {
    const length = message.prefix.readUInt32BE(1);
    const { maxReadMessageLength: lengthMax } = this.decoder;
    if (lengthMax !== -1 && length > lengthMax)
      throw new Error(`Received message larger than max (${length} vs ${lengthMax})`);
    const isPacked = message.prefix[0] === 1;
    message.remaining = length;
    message.whole = new GrowingBuffer(PREFIX_BYTES + length);
    message.whole.append(message.prefix);
    message.reservation.expect(PREFIX_BYTES + length + (isPacked ? this.unpackedMax(length) : 0));
    message.reservation.add(PREFIX_BYTES);
    if (length > 0) this.budget.windows.raise(this.call.stream.session);
  }

  private unpackedMax(length: number): number {
    const { maxReadMessageLength: lengthMax } = this.decoder;
    return Math.min(DEFLATE_FACTOR_MAX * length, lengthMax === -1 ? Number.MAX_SAFE_INTEGER : lengthMax);
  }

  private whole(): Buffer[] {
    const ready: Buffer[] = [];
    for (let [first] = this.incoming; first?.isComplete && !first.reservation.isWaiting; [first] = this.incoming) {
      this.incoming.shift();
      // A call for one message has not come to its end before its end: until then, time passes.
      if (this.isStream && first.prefix[0] !== 1) first.reservation.complete();
      this.handedOver.push(first);
      this.unpacking.push(first);
      ready.push(first.whole.finish());
    }
    if (ready.length > 0) this.isReadRequested = false;
    return ready;
  }

  /** There is room: hands over what is whole, or reads on. */
  private proceed(): void {
    if (this.isStopped) return;
    this.call.handleDataFrame(Buffer.alloc(0));
    if (this.isReadRequested && !this.isHeld) this.call.stream.resume();
    if (this.hasEnded) this.endIfDone();
  }

  private endIfDone(): void {
    if (this.incoming.some(({ isComplete }) => isComplete)) return;
    for (const { reservation } of this.incoming.splice(0)) reservation.release(); // cut short
    for (const { reservation, prefix } of this.handedOver) if (prefix[0] !== 1) reservation.complete();
    this.end();
  }

  private async unpack(message: Buffer, encoding: string, decompress: BaseCall['decompressMessage']): Promise<Buffer> {
    const counted = this.unpacking.shift();
    if (!counted || message[0] !== 1) return decompress(message, encoding);
    const { reservation } = counted;
    const { promise, resolve } = Promise.withResolvers<void>();
    counted.proceed = resolve;
    try {
      if (!reservation.add(this.unpackedMax(message.length - PREFIX_BYTES))) await promise;
    } catch (err) {
      throw Object.assign(new Error(), toServiceError(err)); // grpc-js makes the status of it
    }
    const unpacked = await decompress(message, encoding);
    reservation.shrink(unpacked.length);
    reservation.complete();
    return unpacked;
  }

  private fail(reason: DomainError): void {
    if (this.isStopped) return;
    const { code = 13, details = '', metadata = null } = toServiceError(reason);
    this.stop();
    this.call.sendStatus({ code, details, metadata });
  }

  private finish(): void {
    this.isStopped = true;
    for (const { reservation } of this.incoming) reservation.release();
    for (const { reservation } of this.handedOver) reservation.release();
    this.incoming.length = this.handedOver.length = 0;
  }
}
