import type { WebSocket } from 'ws';
import { turns } from '#core';

/** Frames up to this size are left to ws, in bytes: they take it some milliseconds. */
const SMALL_BYTES_MAX = 1024 * 1024;

/** The parts of ws's receiver that are used here. None of them is public. */
interface Receiver {
  _bufferedBytes: number;
  _payloadLength: number;
  _buffers: Buffer[];
  _loop: boolean;
  _masked: boolean;
  _mask: Buffer;
  consume(bytes: number): Buffer;
  getData(callback: (err?: Error) => void): void;
  startLoop(callback: (err?: Error) => void): void;
  destroy(err?: Error): void;
}

/**
 * Lets a socket put the payloads of large frames together in slices of the event loop. ws takes the mask off a frame at once when the
 * last of its bytes is there, which holds the loop for a third of a second at 128 MiB. Throws when an update of ws has moved what is used.
 */
export function receiveInSlices(socket: WebSocket): void {
  const receiver: unknown = Reflect.get(socket, '_receiver');
  if (!isReceiver(receiver)) throw new Error('ws has changed its receiver');
  const getData = receiver.getData.bind(receiver);
  let state: 'idle' | 'joining' | 'joined' = 'idle';
  receiver.getData = (callback) => {
    const { _payloadLength: length, _bufferedBytes: buffered } = receiver;
    const isLargeAndThere = length > SMALL_BYTES_MAX && buffered >= length;
    if (state === 'joined' || (state === 'idle' && !isLargeAndThere)) {
      state = 'idle';
      return getData(callback);
    }
    receiver._loop = false;
    if (state === 'joining') return;
    state = 'joining';
    void joined(receiver).then((payload) => {
      state = 'joined';
      if (socket.readyState !== socket.OPEN) return;
      receiver._buffers.unshift(payload);
      receiver._bufferedBytes += payload.length;
      receiver._masked = false;
      receiver.startLoop((err) => err && receiver.destroy(err));
    });
  };
}

/** Takes the payload of the frame from what has come, without its mask. */
async function joined(receiver: Receiver): Promise<Buffer> {
  const { _payloadLength: length, _mask: mask, _masked: isMasked } = receiver;
  const payload = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    if (turns.isOver) await turns.next();
    const piece = receiver.consume(Math.min(length - at, receiver._buffers[0]?.length ?? 0));
    if (isMasked) unmask(piece, mask, payload, at);
    else payload.set(piece, at);
    at += piece.length;
  }
  return payload;
}

/** RFC 6455 §5.3. `at` is where `piece` stands in the payload. */
function unmask(piece: Buffer, mask: Buffer, into: Buffer, at: number): void {
  const keys = [0, 1, 2, 3].map((place) => mask[(at + place) & 3] ?? 0);
  const [first = 0, second = 0, third = 0, fourth = 0] = keys;
  const whole = piece.length - (piece.length % 4);
  for (let place = 0; place < whole; place += 4) {
    into[at + place] = (piece[place] ?? 0) ^ first;
    into[at + place + 1] = (piece[place + 1] ?? 0) ^ second;
    into[at + place + 2] = (piece[place + 2] ?? 0) ^ third;
    into[at + place + 3] = (piece[place + 3] ?? 0) ^ fourth;
  }
  for (let place = whole; place < piece.length; place += 1)
    into[at + place] = (piece[place] ?? 0) ^ (keys[place & 3] ?? 0);
}

function isReceiver(value: unknown): value is Receiver {
  const names = ['_bufferedBytes', '_payloadLength', '_buffers', '_loop', '_masked', 'consume', 'getData', 'startLoop'];
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
