import { constants } from 'node:http2';
import type { ServerInterceptor } from '@grpc/grpc-js';
import type { Clock } from '#core';
import { TAKE_MS_MAX } from '../budget/index.js';
import { type BaseCall, baseOf } from './base-call.js';
import { OutgoingMessage } from './outgoing-message.js';

/** A larger answer goes out in parts of this many bytes: nothing is copied, and it can be told whether the client takes it. */
const PART_BYTES = 256 * 1024;

/**
 * Sends the answers of gRPC calls: large ones piece by piece, where grpc-js would copy them whole, and none for ever. A call whose
 * client has taken nothing of an answer for ten minutes is cancelled, since no status could reach it. It goes before `interceptor`.
 */
export function sendMessages(clock: Clock, interceptor: ServerInterceptor): ServerInterceptor {
  return (method, intercepted) => {
    const call = baseOf(intercepted);
    const sendWhole = call.sendMessage.bind(call);
    call.sendMessage = (message, done) => {
      const watch = new TakingWatch(call, clock);
      const taken = (): void => {
        watch.stop();
        done();
      };
      if (!(message instanceof OutgoingMessage) || message.byteLength <= PART_BYTES) return sendWhole(message, taken);
      if (call.stream.destroyed || call.stream.closed) return watch.stop();
      call.maybeSendMetadata();
      sendParts(call, partsOf(message), watch, taken);
    };
    return interceptor(method, call);
  };
}

/** The prefix of the message (gRPC over HTTP/2, Length-Prefixed-Message; not compressed), and then its bytes. */
function* partsOf({ byteLength, pieces }: OutgoingMessage): Generator<Buffer, void> {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(byteLength, 1);
  yield prefix;
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += PART_BYTES) yield piece.subarray(at, at + PART_BYTES);
}

/** Each part when the client has taken the one before. Where the stream ends meanwhile, grpc-js tells the handler. */
function sendParts(call: BaseCall, parts: Iterator<Buffer, void>, watch: TakingWatch, done: () => void): void {
  const part = parts.next();
  if (part.done) return done();
  call.stream.write(part.value, (err) => {
    watch.taken();
    if (!err) sendParts(call, parts, watch, done);
  });
}

/** Cancels the call when its client takes nothing for too long. */
class TakingWatch {
  private takenAtMs: number;
  private cancel: () => void;

  constructor(
    private readonly call: BaseCall,
    private readonly clock: Clock,
  ) {
    this.takenAtMs = clock.now();
    this.cancel = clock.after(TAKE_MS_MAX, () => this.look());
    call.stream.once('close', this.stop);
  }

  taken(): void {
    this.takenAtMs = this.clock.now();
  }

  readonly stop = (): void => {
    this.cancel();
    this.call.stream.off('close', this.stop);
  };

  private look(): void {
    const leftMs = this.takenAtMs + TAKE_MS_MAX - this.clock.now();
    if (leftMs > 0) this.cancel = this.clock.after(leftMs, () => this.look());
    else this.call.stream.close(constants.NGHTTP2_CANCEL);
  }
}
