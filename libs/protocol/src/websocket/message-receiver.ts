import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { DomainError } from '#core';
import { type ByteBudget, GrowingBuffer, PROGRESS_MS_MAX, type Reservation } from '../budget/index.js';

/** A whole message. Its receiver releases what it holds of the budget. */
export interface ReceivedMessage {
  readonly data: Buffer;
  readonly isBinary: boolean;
  readonly reservation: Reservation;
}

/** What the messages of a WebSocket are received with. */
export interface ReceiverOptions {
  readonly budget: ByteBudget;
  /** Who sends the messages; see callerKey. */
  readonly caller: () => string;
  /** Takes a message. Nothing more is read until the promise that it gives has resolved. */
  readonly onMessage: (message: ReceivedMessage) => Promise<void> | undefined;
  /** A message made no progress, or came too slowly while others waited, and was given up. */
  readonly onCut: (reason: DomainError) => void;
}

/**
 * Receives the messages of a WebSocket and counts each in the budget, from its first byte until its taker releases it.
 * While there is no room for what has come, nothing more is read, so that TCP stops the sender. Between its messages a
 * connection may be silent for ever; a message that has begun has to make progress.
 *
 * ws keeps the pieces of a frame until all are there, and the frames of a message, each with an object around it, and
 * takes the mask off a frame at once (a third of a second at 128 MiB). So this takes the place of the part of ws's
 * receiver that reads payloads: they go into one buffer as they come. Throws when an update of ws has moved what is
 * used here.
 *
 * @param line the connection under the socket
 * @returns discards what comes from then on, also what has come of a message
 */
export function receiveMessages(socket: WebSocket, line: Duplex, options: ReceiverOptions): () => void {
  const receiver: unknown = Reflect.get(socket, '_receiver');
  if (!isReceiver(receiver)) throw new Error('ws has changed its receiver');
  const messages = new MessageReceiver(receiver, options);
  const stop = (): void => messages.stop();
  socket.on('message', (data: Buffer, isBinary) => messages.deliver(data, isBinary));
  socket.once('error', stop).once('close', stop);
  // ws does not tell of the close before it has read all that came, which waiting for room would hold up.
  line.once('close', stop);
  return stop;
}

/** Fragments that come together are counted together up to so many bytes, since there may be very many. */
const COUNT_FROM_BYTES = 4096;

/** The state in which ws's receiver goes on only when `startLoop` is called. */
const DEFER_EVENT = 6;

/** From here on an opcode is that of a control frame (RFC 6455 §5.2). */
const CONTROL_OPCODES = 8;

/** A message of which the end has not come. */
interface Incoming {
  readonly reservation: Reservation;
  readonly whole: GrowingBuffer;
  /** Bytes in `whole`, and how many of them are not counted yet. */
  length: number;
  uncounted: number;
}

class MessageReceiver {
  private incoming: Incoming | undefined;
  /** Where in its payload the frame stands; undefined between frames. */
  private frameAt: number | undefined;
  /** The reservation of the message that ws hands over just now. */
  private handedOver: Reservation | undefined;
  private room: Promise<void> | undefined;
  private resume: (() => void) | undefined;
  private isOver = false;

  constructor(
    private readonly receiver: Receiver,
    private readonly options: ReceiverOptions,
  ) {
    const readControl = receiver.getData.bind(receiver);
    receiver.getData = (callback) => {
      if (receiver._opcode >= CONTROL_OPCODES) readControl(callback);
      else this.readPayload(callback);
    };
  }

  /** Handles what ws emits as a message. */
  deliver(data: Buffer, isBinary: boolean): void {
    const reservation = this.handedOver;
    this.handedOver = undefined;
    if (reservation) this.room = this.options.onMessage({ data, isBinary, reservation });
  }

  /** See receiveMessages. */
  stop(): void {
    this.isOver = true;
    this.incoming?.reservation.release();
    this.incoming = undefined;
    this.resume?.();
  }

  /** Takes what has come of the payload of a frame, as ws's own `getData`, but does not wait for the rest of it. */
  private readPayload(callback: Callback): void {
    const { receiver } = this;
    if (!this.isOver) this.incoming ??= this.begin();
    this.readPieces();
    const isFrameWhole = this.frameAt === receiver._payloadLength;
    const isMessageWhole = isFrameWhole && receiver._fin;
    const hasNextFrame = isFrameWhole && !isMessageWhole && receiver._buffers.length > 0;
    const hasRoom = this.count(hasNextFrame ? COUNT_FROM_BYTES : 1);
    const next = (): void => {
      if (isMessageWhole) this.handOver(callback);
      else if (isFrameWhole) this.endFrame(callback);
      else receiver._loop = false;
    };
    if (hasRoom) next();
    else this.hold(callback, isFrameWhole ? next : undefined);
  }

  private begin(): Incoming {
    const { budget, caller, onCut } = this.options;
    const { _fin: isAlone, _payloadLength: length } = this.receiver;
    const reservation = budget.open({
      caller,
      progressMsMax: PROGRESS_MS_MAX,
      mayWait: () => true,
      onRoom: () => {
        // Not at once: the room comes from another connection's message, in the middle of whose work this would be.
        if (this.resume) setImmediate(this.resume);
      },
      onCut: (reason) => {
        this.stop();
        onCut(reason);
      },
    });
    if (isAlone) reservation.expect(length);
    return { reservation, whole: new GrowingBuffer(isAlone ? length : undefined), length: 0, uncounted: 0 };
  }

  private readPieces(): void {
    const { receiver, incoming } = this;
    const { _payloadLength: length, _mask: mask, _masked: isMasked } = receiver;
    let at = this.frameAt ?? 0;
    for (let [first] = receiver._buffers; first && at < length; [first] = receiver._buffers) {
      const piece = receiver.consume(Math.min(length - at, first.length));
      if (incoming) {
        if (isMasked) unmask(piece, mask, at);
        incoming.whole.append(piece);
        incoming.length += piece.length;
        incoming.uncounted += piece.length;
      }
      at += piece.length;
    }
    this.frameAt = at;
  }

  /** Counts what has come, if it is `bytesMin` or more. False: there is no room for it. */
  private count(bytesMin: number): boolean {
    const { incoming } = this;
    if (!incoming || incoming.uncounted < bytesMin) return true;
    const bytes = incoming.uncounted;
    incoming.uncounted = 0;
    return incoming.reservation.add(bytes);
  }

  /** Lets ws go on with the next frame of the message, or with the next message after it has handed this one over. */
  private endFrame(callback: Callback): void {
    this.frameAt = undefined;
    this.receiver._mask = undefined;
    this.receiver.dataMessage(callback);
  }

  private handOver(callback: Callback): void {
    const { receiver, incoming } = this;
    this.incoming = undefined;
    this.handedOver = incoming?.reservation;
    incoming?.reservation.complete();
    receiver._fragments = incoming ? [incoming.whole.finish()] : [];
    receiver._messageLength = incoming?.length ?? 0;
    this.endFrame(callback);
    const { room } = this;
    this.room = undefined;
    if (!room || this.isOver) return;
    void room.then(this.hold(callback));
  }

  /**
   * Reads no further until what it returns is called, which then does `next`. The loop of ws ends without `callback`,
   * so that ws takes no more from the line.
   */
  private hold(callback: Callback, next?: () => void): () => void {
    const { receiver } = this;
    const { _state: state } = receiver;
    receiver._state = DEFER_EVENT;
    const resume = (): void => {
      if (this.resume !== resume) return;
      this.resume = undefined;
      receiver._state = state;
      next?.();
      receiver.startLoop(callback);
    };
    this.resume = resume;
    return resume;
  }
}

/** Takes the mask off a piece that begins at `at` of its frame's payload (RFC 6455 §5.3). */
function unmask(piece: Buffer, mask: Buffer | undefined, at: number): void {
  const [first = 0, second = 0, third = 0, fourth = 0] = [0, 1, 2, 3].map((place) => mask?.[(at + place) & 3]);
  const whole = piece.length - (piece.length % 4);
  for (let place = 0; place < whole; place += 4) {
    piece[place] = (piece[place] ?? 0) ^ first;
    piece[place + 1] = (piece[place + 1] ?? 0) ^ second;
    piece[place + 2] = (piece[place + 2] ?? 0) ^ third;
    piece[place + 3] = (piece[place + 3] ?? 0) ^ fourth;
  }
  for (let place = whole; place < piece.length; place += 1)
    piece[place] = (piece[place] ?? 0) ^ (mask?.[(at + place) & 3] ?? 0);
}

type Callback = (err?: Error) => void;

/** The parts of ws's receiver that are used here. None of them is public. */
interface Receiver {
  _buffers: Buffer[];
  _fin: boolean;
  _fragments: Buffer[];
  _loop: boolean;
  _mask: Buffer | undefined;
  _masked: boolean;
  _messageLength: number;
  _opcode: number;
  _payloadLength: number;
  _state: number;
  consume(bytes: number): Buffer;
  /** Takes the payload of a frame; called in a loop for as long as `_loop` is set. */
  getData(callback: Callback): void;
  /** Ends a frame, and the message with its last one. */
  dataMessage(callback: Callback): void;
  startLoop(callback: Callback): void;
}

const RECEIVER_PARTS = [
  '_buffers',
  '_fin',
  '_fragments',
  '_loop',
  '_mask',
  '_masked',
  '_messageLength',
  '_opcode',
  '_payloadLength',
  '_state',
  'consume',
  'getData',
  'dataMessage',
  'startLoop',
] as const satisfies (keyof Receiver)[];

function isReceiver(value: unknown): value is Receiver {
  return typeof value === 'object' && value !== null && RECEIVER_PARTS.every((name) => name in value);
}
