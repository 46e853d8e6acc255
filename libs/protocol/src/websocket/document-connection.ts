import type { RawData, WebSocket } from 'ws';
import { DomainError, faceOf } from '#core';
import type { Caller } from '../access/caller.js';
import { handleDocuments } from '../documents-handler.js';
import { InFlight } from '../in-flight.js';
import { requestIdOf } from '../request-id.js';
import { requestOf, unforeseen } from '../unforeseen.js';
import { bufferedPieces, joinedIfSmall } from '../json-pieces.js';
import { StreamPriority } from '../stream-priority.js';
import type { ProtocolServices } from '../protocol-services.js';
import { closeForFailure } from './failure-close.js';
import { bytesFormat, type FrameFormat, jsonFormat } from './frames.js';
import { receiveInSlices } from './sliced-receiver.js';

/**
 * How long the close waits after a failed answer. The Python client loses the error when the close frame is already in its
 * hands as it looks at the answer: its receiving task has ended then, and it forgets what it was about to raise.
 */
const CLOSE_AFTER_FAILURE_MS = 500;

/** Above this many bytes waiting to be sent, nothing more is read from that client. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * One WebSocket. Answers go out as they finish; when the client has ended its input and everything is answered, the server
 * closes with 1000 (the Python client waits for that). A frame that cannot be read ends the connection, in words.
 * Reading pauses while too much is in flight or unsent.
 */
export class DocumentConnection {
  private readonly format: FrameFormat;
  private readonly gone = new AbortController();
  private readonly inFlight: InFlight;
  private readonly stream = new StreamPriority();
  private ended = false;
  private isLeaving = false;
  private hasFailed = false;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly services: ProtocolServices,
    private readonly caller: Caller,
  ) {
    this.format = socket.protocol === 'bytes' ? bytesFormat : jsonFormat;
    this.inFlight = new InFlight(services.limits.streamInFlightMax, services.limits.requestBytesMax);
    socket.binaryType = 'nodebuffer';
    receiveInSlices(socket);
    socket.on('message', (data, isBinary) => this.onFrame(toBuffer(data), isBinary));
    socket.on('close', () => this.gone.abort(new DomainError('cancelled', 'The caller closed the connection.')));
    // ws itself closes with what the mistake calls for (1009 over the limit, 1007, 1002) or has lost the line already.
    socket.on('error', () => undefined);
  }

  /**
   * Takes no further requests and resolves when those that were asked are answered and sent; a client that goes on sending
   * would otherwise hold a shutdown up for ever.
   */
  async finish(): Promise<void> {
    this.isLeaving = true;
    await this.inFlight.idle();
  }

  private onFrame(frame: Buffer, isBinary: boolean): void {
    if (this.ended) return;
    if (isBinary !== this.format.isBinary) return this.fail(wrongKind(this.format));
    if (this.format.isEnd(frame)) return this.endInput();
    if (this.isLeaving) return;
    this.inFlight.start(frame.length, () => this.answer(frame));
    if (!this.inFlight.hasRoom) this.pauseUntilRoom();
  }

  private endInput(): void {
    this.ended = true;
    void this.inFlight.idle().then(() => {
      if (!this.hasFailed) return this.socket.close(1000);
      const cancel = this.services.clock.after(CLOSE_AFTER_FAILURE_MS, () => this.socket.close(1000));
      this.socket.once('close', cancel);
    });
  }

  private pauseUntilRoom(): void {
    this.socket.pause();
    void this.inFlight.room().then(() => this.socket.resume());
  }

  private async answer(frame: Buffer): Promise<void> {
    const { principal } = this.caller;
    const context = {
      requestId: requestIdOf(undefined),
      principal,
      signal: this.gone.signal,
      stream: this.stream,
      caller: this.caller,
      tellLimits: () => undefined, // a frame has no place for it
    };
    try {
      const receivedAtMs = this.services.clock.wallMs();
      const response = await handleDocuments(this.services, context, async () => ({
        request: await this.format.decode(frame, receivedAtMs),
        whenFull: 'wait',
      }));
      this.hasFailed ||= response.status?.code === 'ERROR';
      this.sending = this.sending.then(async () => this.send(await this.format.encode(response)));
      await this.sending;
    } catch (err) {
      this.fail(DomainError.from(unforeseen(err, requestOf(context, { operation: 'message' }))));
    }
  }

  /** Resolves once the client has taken enough for the next answer; its request counts as in flight until then. */
  private async send(message: Uint8Array | Iterable<string>): Promise<void> {
    if (message instanceof Uint8Array) return this.sendFrame(message);
    const { text, rest } = await joinedIfSmall(message);
    if (!rest) return this.sendFrame(text);
    for await (const piece of bufferedPieces(text, rest)) await this.sendFrame(piece, { binary: false, fin: false });
    await this.sendFrame('', { binary: false, fin: true });
  }

  /** A frame that is not the `fin`al one is a part of the message that the next one goes on with. */
  private sendFrame(data: Uint8Array | string, options: { binary?: boolean; fin?: boolean } = {}): Promise<void> {
    return new Promise((resolve) => {
      const isSlow = this.socket.bufferedAmount > UNSENT_BYTES_MAX;
      this.socket.send(data, options, () => resolve());
      if (!isSlow) resolve();
    });
  }

  private fail(error: DomainError): void {
    if (this.gone.signal.aborted) return;
    this.isLeaving = true;
    closeForFailure(this.socket, faceOf(error.code).wsClose, error.message);
  }
}

function wrongKind({ isBinary }: FrameFormat): DomainError {
  const text = isBinary
    ? 'A text frame came where binary ones are spoken.'
    : 'A binary frame came where JSON texts are spoken.';
  return new DomainError('unsupported_media_type', text);
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
