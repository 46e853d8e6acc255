import { constants } from 'node:http2';
import type { Clock } from '#core';
import { type AnswerWatch, AnswerWatches } from '../budget/index.js';
import type { BaseCall, BaseInterceptor } from './base-call.js';

/**
 * A larger answer goes out in parts of this many bytes: nothing is copied, and it can be told whether the client takes
 * it.
 */
const PART_BYTES = 256 * 1024;

/**
 * Sends the answers of gRPC calls: large ones piece by piece, where grpc-js would copy them whole, and none for ever. A
 * call whose client has taken nothing of an answer for ten minutes is cancelled, since no status could reach it. It
 * goes before `interceptor`.
 */
export function sendMessages(clock: Clock, interceptor: BaseInterceptor): BaseInterceptor {
  const watches = new AnswerWatches(clock);
  return (method, call) => {
    const sendWhole = call.sendMessage.bind(call);
    call.sendMessage = (message, done) => {
      const { stream } = call;
      const watch = watches.open({
        onStalled: () => stream.close(constants.NGHTTP2_CANCEL),
        isGone: () => stream.destroyed,
      });
      const sent = (): void => {
        watch.stop();
        done();
      };
      if (!(message instanceof OutgoingMessage) || message.byteLength <= PART_BYTES) return sendWhole(message, sent);
      if (stream.destroyed || stream.closed) return watch.stop();
      call.maybeSendMetadata();
      sendParts(call, splitParts(message), watch, sent);
    };
    return interceptor(method, call);
  };
}

/** The prefix of the message (gRPC over HTTP/2, Length-Prefixed-Message; not compressed), and then its bytes. */
function* splitParts({ byteLength, pieces }: OutgoingMessage): Generator<Buffer, void> {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(byteLength, 1);
  yield prefix;
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += PART_BYTES) yield piece.subarray(at, at + PART_BYTES);
}

/** Each part when the client has taken the one before. Where the stream ends meanwhile, grpc-js tells the handler. */
function sendParts(call: BaseCall, parts: Iterator<Buffer, void>, watch: AnswerWatch, done: () => void): void {
  const part = parts.next();
  if (part.done) return done();
  call.stream.write(part.value, (err) => {
    watch.progressed();
    if (!err) sendParts(call, parts, watch, done);
  });
}

/** An answer as it goes out: its bytes in order, of which none are copied together. */
export class OutgoingMessage {
  readonly byteLength: number;

  /** @param pieces must not change until they are sent */
  constructor(readonly pieces: readonly Buffer[]) {
    this.byteLength = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What grpc-js asks of a message that it sends itself: as Buffer.copy. */
  copy(target: Buffer, start: number): number {
    let at = start;
    for (const piece of this.pieces) at += piece.copy(target, at);
    return at - start;
  }
}
