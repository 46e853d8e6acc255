import type { ServerDuplexStream } from '@grpc/grpc-js';
import { DomainError } from '#core';
import type { Activity } from '../request/activity.js';
import { type Arrival, StreamArrival, traced } from '../request/arrival.js';
import type { CallContext } from '../request/call.js';
import type { FirstByteTimer } from '../request/first-byte.js';
import { InFlight, StreamPriority } from '../request/stream.js';
import { requestOf, unforeseen } from '../request/unforeseen.js';
import { AnswerWriter } from './answer-writer.js';
import { claimMessage, releaseMessages, stopMessages } from './message-flow.js';
import { openCall } from './call-context.js';
import { asGrpcStatus, toServiceError } from './grpc-errors.js';

/** Bounds of one stream: most messages under way, and most bytes of them. */
export interface StreamBounds {
  inFlightMax: number;
  bytesMax: number;
  /** Counts a message as under way until its answer is written. */
  activity: Activity;
  /** Times each message's answer. */
  firstBytes: FirstByteTimer;
}

/**
 * The only place that touches a duplex call. Reads a message when there is room, hands it to `answer`, and writes
 * answers as they finish, each made and written when the client has read those before; until then its message holds the
 * budget. A message's failure ends the stream with its status; a cancelled call aborts `context.signal` and ends
 * quietly. Once a shutdown has begun, what was read is answered and the stream ends with `shutting_down`.
 *
 * @example
 * await serveStream(call, { inFlightMax: 100, bytesMax, activity, firstBytes }, async (message, context) => {
 *   const reply = await answer(message, context);
 *   return () => encode(reply); // is called when the client has room for it
 * });
 */
export async function serveStream<Reply extends { readonly byteLength: number }>(
  call: ServerDuplexStream<Uint8Array, Reply>,
  bounds: StreamBounds,
  answer: (message: Uint8Array, context: CallContext) => Promise<() => Promise<Reply> | Reply>,
): Promise<void> {
  const { context, abort, settle } = openCall(call);
  const inFlight = new InFlight(bounds.inFlightMax, bounds.bytesMax);
  const answers = new AnswerWriter(call, context.signal);
  const stream = new StreamPriority();
  const fail = (err: unknown): void => {
    if (context.signal.aborted) return;
    const failure = asGrpcStatus(err) ? err : unforeseen(err, requestOf(context, { operation: 'stream' }));
    abort(DomainError.from(failure));
    void answers.flushed().then(() => {
      discardRead(call);
      call.emit('error', toServiceError(failure));
    });
  };
  const deliver = async (answered: ReturnType<typeof answer>, begins: () => void): Promise<void> => {
    try {
      await answers.write(await answered, begins);
    } catch (err) {
      fail(err);
    }
  };
  const { stopping } = bounds.activity;
  let isInputOver = false;
  const sendShutdownNotice = (): void => {
    void inFlight.idle().then(() => {
      if (!isInputOver) fail(new DomainError('shutting_down', SHUTTING_DOWN));
    });
  };
  if (stopping.aborted) sendShutdownNotice();
  else stopping.addEventListener('abort', sendShutdownNotice, { once: true });
  try {
    // Not destroying on return keeps the writable half open for the answers that are still to come.
    for await (const message of call.iterator({ destroyOnReturn: false })) {
      const held = claimMessage(call.metadata);
      const arrival = nextRequest(context);
      const begins = answerTimer(bounds.firstBytes);
      const work = (noteItems: (items: number) => void): Promise<void> =>
        deliver(answer(message, { ...context, ...traced(arrival), stream, noteItems }), begins).finally(() => {
          held?.release();
          arrival?.end();
        });
      void inFlight.start(message.length, (noteItems) => bounds.activity.during(() => work(noteItems)));
      await inFlight.room();
      if (context.signal.aborted || stopping.aborted) return;
    }
    isInputOver = true;
    await inFlight.idle();
    if (context.signal.aborted) return;
    settle();
    call.end();
  } catch (err) {
    fail(err);
  } finally {
    stopping.removeEventListener('abort', sendShutdownNotice);
  }
}

function answerTimer(firstBytes: FirstByteTimer): () => void {
  const headAtMs = firstBytes.head();
  return () => firstBytes.begins('grpc', headAtMs);
}

function nextRequest({ arrival, requestId }: CallContext): Arrival | undefined {
  return arrival instanceof StreamArrival ? arrival.next(requestId) : undefined;
}

/**
 * Discards the messages that were read ahead: the stream may remain open for a while until its client gets the status.
 */
function discardRead(call: ServerDuplexStream<Uint8Array, unknown>): void {
  stopMessages(call.metadata);
  while (call.read() !== null);
  releaseMessages(call.metadata);
}

const SHUTTING_DOWN = 'The server is shutting down. Send what was not answered again, elsewhere or later.';

/**
 * Wraps `work` so that its calls end in the order in which they were made: each waits, done or failed, for those before
 * it. What has been done is held meanwhile, so whoever calls bounds how many calls are open at a time.
 */
export function inOrder<Given extends unknown[], Done>(
  work: (...given: Given) => Promise<Done>,
): (...given: Given) => Promise<Done> {
  let before: Promise<void> = Promise.resolve();
  return (...given) => {
    const done = work(...given);
    // Without a value of its own: one that held the value before it would keep everything that was ever done.
    before = Promise.allSettled([before, done]).then(() => undefined);
    return before.then(() => done);
  };
}
