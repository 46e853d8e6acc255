import type { WebSocket } from 'ws';
import { type Clock, DomainError } from '#core';
import { READ_MS_MAX, type AnswerWatch, AnswerWatches } from '../budget/index.js';
import { bufferedPieces, joinedIfSmall } from '../codec/json/json-pieces.js';

/** Above this many bytes waiting to be sent, nothing more is sent, and then nothing more read, from that client. */
const UNSENT_BYTES_MAX = 1024 * 1024;

/** A larger answer goes out in frames of this many bytes, so that it can be told whether the client takes it. */
const FRAME_BYTES_MAX = 256 * 1024;

/**
 * Sends the answers of one WebSocket, one after the other, each once the client has taken enough of those before. The
 * memory that a client holds by not reading is bounded in time too: after ten minutes without a step it is given up.
 */
export class AnswerSender {
  private sending: Promise<void> = Promise.resolve();
  private framesUnsent = 0;
  /** Watches while frames are unsent. */
  private watch: AnswerWatch | undefined;
  private readonly watches: AnswerWatches;

  constructor(
    private readonly socket: WebSocket,
    clock: Clock,
    private readonly onStalled: (reason: DomainError) => void,
  ) {
    this.watches = new AnswerWatches(clock);
    socket.once('close', () => this.watch?.stop());
  }

  /**
   * Makes an answer when those before are on their way, and sends it. Resolves once the client has taken enough for the
   * next one, or is gone. Rejects with what `encode` throws. Calls `onStart` when it begins to send.
   */
  send(encode: () => Promise<Uint8Array> | Iterable<string>, onStart?: () => void): Promise<void> {
    const sent = this.sending.then(async () => {
      if (this.socket.readyState !== this.socket.OPEN) return;
      const message = await encode();
      onStart?.();
      await this.sendMessage(message);
    });
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  private async sendMessage(message: Uint8Array | Iterable<string>): Promise<void> {
    if (message instanceof Uint8Array) return this.sendBytes(message);
    const { text, rest } = await joinedIfSmall(message);
    if (!rest) return this.sendFrame(text, { fin: true });
    for await (const piece of bufferedPieces(text, rest)) await this.sendFrame(piece, { binary: false, fin: false });
    await this.sendFrame('', { binary: false, fin: true });
  }

  private async sendBytes(message: Uint8Array): Promise<void> {
    let at = 0;
    for (; message.length - at > FRAME_BYTES_MAX; at += FRAME_BYTES_MAX)
      await this.sendFrame(message.subarray(at, at + FRAME_BYTES_MAX), { binary: true, fin: false });
    await this.sendFrame(message.subarray(at), { binary: true, fin: true });
  }

  /** A frame that is not the `fin`al one is a part of the message that the next one goes on with. */
  private sendFrame(data: Uint8Array | string, options: { binary?: boolean; fin: boolean }): Promise<void> {
    const isSlow = this.socket.bufferedAmount > UNSENT_BYTES_MAX;
    if (this.framesUnsent++ === 0) this.watch = this.openWatch();
    return new Promise((resolve) => {
      this.socket.send(data, options, () => {
        this.sent();
        resolve();
      });
      if (!isSlow) resolve();
    });
  }

  private openWatch(): AnswerWatch {
    const { socket } = this;
    const onStalled = (): void => this.onStalled(notTaken());
    return this.watches.open({ onStalled, isGone: () => socket.readyState === socket.CLOSED });
  }

  private sent(): void {
    this.watch?.progressed();
    if (--this.framesUnsent === 0) this.watch?.stop();
  }
}

function notTaken(): DomainError {
  const text = `The answers were not read for ${READ_MS_MAX / 60_000} minutes. Send the requests again and read the answers as they come.`;
  return new DomainError('deadline_exceeded', text);
}
