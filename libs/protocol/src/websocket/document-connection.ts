import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { DomainError, type ErrorCode, statusOf } from '#core';
import { traced } from '../request/arrival.js';
import { type Caller, callerKey, callerOf } from '../request/caller.js';
import type { CallContext } from '../request/call.js';
import { documentsHandler, operationOf } from '../request/documents.js';
import { InFlight, StreamPriority } from '../request/stream.js';
import type { ProtocolParts } from '../request/protocol-parts.js';
import { requestIdOf } from '../request/request-id.js';
import { requestOf, unforeseen } from '../request/unforeseen.js';
import { AnswerSender } from './answer-sender.js';
import { closeForFailure } from './failure-close.js';
import { bytesFormat, type FrameFormat, jsonFormat } from './frames.js';
import { nextMessage } from './websocket-arrival.js';
import { type ReceivedMessage, receiveMessages } from './message-receiver.js';

/**
 * How long the close waits after a failed answer. The Python client loses the error when the close frame is already in
 * its hands as it looks at the answer: its receiving task has ended then, and it forgets what it was about to raise.
 */
const CLOSE_AFTER_FAILURE_MS = 500;

/** What a connection needs. */
export type ConnectionParts = Pick<
  ProtocolParts,
  'pipeline' | 'documents' | 'limits' | 'budget' | 'clock' | 'firstBytes'
>;

/**
 * One WebSocket. Answers go out as they finish; when the client has ended its input and everything is answered, the
 * server closes with 1000 (the Python client waits for that). A frame that cannot be read ends the connection, in
 * words. Reading pauses while too much is in flight or unsent. A message holds the budget until its answer is sent.
 */
export class DocumentConnection {
  private readonly format: FrameFormat;
  private readonly caller: Caller;
  private readonly gone = new AbortController();
  private readonly inFlight: InFlight;
  private readonly stream = new StreamPriority();
  private readonly answers: AnswerSender;
  private readonly discardRest: () => void;
  private ended = false;
  private isLeaving = false;
  private hasFailed = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly upgrade: IncomingMessage,
    private readonly parts: ConnectionParts,
  ) {
    this.format = socket.protocol === 'bytes' ? bytesFormat : jsonFormat;
    const caller = callerOf(upgrade, 'websocket');
    this.caller = caller;
    this.inFlight = new InFlight(parts.limits.streamInFlightMax, parts.limits.requestBytesMax);
    this.answers = new AnswerSender(socket, parts.clock, (reason) => this.fail(reason));
    socket.binaryType = 'nodebuffer';
    this.discardRest = receiveMessages(socket, upgrade.socket, {
      budget: parts.budget,
      caller: () => callerKey(caller),
      onMessage: (message) => this.onMessage(message),
      onCut: (reason) => this.refuse(reason),
    });
    socket.on('close', () => this.gone.abort(new DomainError('cancelled', 'The caller closed the connection.')));
    // ws itself closes with what the mistake calls for (1009 over the limit, 1002) or has lost the line already.
    socket.on('error', (err) => this.countMistake(err));
  }

  /**
   * Accepts no further requests and resolves when the accepted ones are answered and sent. Otherwise a client that goes
   * on sending would hold a shutdown up for ever.
   */
  async finish(): Promise<void> {
    this.isLeaving = true;
    await this.inFlight.idle();
  }

  private onMessage({ data, isBinary, reservation }: ReceivedMessage): Promise<void> | undefined {
    if (!this.isRequest(data, isBinary)) {
      reservation.release();
      return undefined;
    }
    const known = this.inFlight.start(data.length, (noteItems) =>
      this.answer(data, { ...this.newContext(), noteItems }).finally(() => reservation.release()),
    );
    return known.then(() => this.inFlight.room());
  }

  private isRequest(data: Buffer, isBinary: boolean): boolean {
    if (this.ended) return false;
    if (isBinary !== this.format.isBinary) this.refuse(wrongKind(this.format));
    else if (this.format.isEnd(data)) this.endInput();
    else return !this.isLeaving;
    return false;
  }

  private endInput(): void {
    this.ended = true;
    void this.inFlight.idle().then(() => {
      if (!this.hasFailed) return this.socket.close(1000);
      const cancel = this.parts.clock.after(CLOSE_AFTER_FAILURE_MS, () => this.socket.close(1000));
      this.socket.once('close', cancel);
    });
  }

  private async answer(frame: Buffer, context: CallContext): Promise<void> {
    const { firstBytes } = this.parts;
    const headAtMs = firstBytes.head();
    try {
      const receivedAtMs = this.parts.clock.wallMs();
      const { documents, pipeline } = this.parts;
      const handler = documentsHandler(documents, async () => ({
        request: await this.format.decode(frame, receivedAtMs),
        whenFull: 'wait',
      }));
      const response = await pipeline.run(context, handler);
      this.hasFailed ||= response.status?.code === 'ERROR';
      await this.answers.send(
        () => this.format.encode(response),
        () => firstBytes.begins('websocket', headAtMs),
      );
    } catch (err) {
      this.fail(DomainError.from(unforeseen(err, requestOf(context, { operation: 'message' }))));
    } finally {
      context.arrival?.end();
    }
  }

  private newContext(): CallContext {
    const { caller, gone, stream } = this;
    const arrival = nextMessage(this.upgrade);
    return {
      requestId: arrival?.trace.requestId ?? requestIdOf(undefined),
      ...traced(arrival),
      principal: caller.principal,
      signal: gone.signal,
      stream,
      caller,
      scope: undefined, // each message says what it asks for
      reportLimits: () => undefined, // a frame has no place for it
    };
  }

  private countMistake(err: Error): void {
    const code = 'code' in err ? String(err.code) : '';
    if (!code.startsWith('WS_ERR_')) return;
    this.count(TOO_LARGE.has(code) ? 'request_too_large' : 'invalid_argument');
  }

  /** Counts a message of which nobody has read more than its outside. */
  private count(outcome: ErrorCode): void {
    const context = this.newContext();
    const refused = this.parts.pipeline.run(context, {
      operation: operationOf('/'),
      read: () => Promise.reject(new DomainError(outcome, '')),
    });
    void refused.catch(() => context.arrival?.end());
  }

  private refuse(error: DomainError): void {
    this.count(error.code);
    this.fail(error);
  }

  private fail(error: DomainError): void {
    if (this.gone.signal.aborted) return;
    this.isLeaving = true;
    this.discardRest();
    closeForFailure(this.socket, statusOf(error.code).wsClose, error.message);
  }
}

/** What ws calls a message over the limit. */
const TOO_LARGE = new Set(['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH']);

function wrongKind({ isBinary }: FrameFormat): DomainError {
  const text = isBinary
    ? 'This WebSocket takes binary frames (sub-protocol "bytes"), not text. Connect without it to send JSON.'
    : 'This WebSocket takes JSON in text frames, not binary ones. Connect with the sub-protocol "bytes" to send those.';
  return new DomainError('unsupported_media_type', text);
}
