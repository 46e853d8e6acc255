import type { ServerDuplexStream } from '@grpc/grpc-js';

/** Above so many bytes of answers that the client has not taken, the next answer is not even made. */
const UNSENT_BYTES_MAX = 1024 * 1024;

/** Writes the answers of one stream, each once the client has taken enough of those before. */
export class AnswerWriter<Reply extends { readonly byteLength: number }> {
  private writing: Promise<void> = Promise.resolve();
  private lastWritten: Promise<void> = Promise.resolve();
  private bytesUnsent = 0;

  constructor(
    private readonly call: ServerDuplexStream<Uint8Array, Reply>,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Makes an answer when those before are on their way, and writes it: so what a client that does not read has waiting
   * for it is one answer and a mebibyte. Resolves when the client has room for more, or when the call is over. Rejects
   * with what `encode` throws. Calls `onStart` when it begins to write.
   */
  write(encode: () => Promise<Reply> | Reply, onStart: () => void): Promise<void> {
    const written = this.writing.then(async () => {
      if (this.signal.aborted) return;
      const reply = await encode();
      onStart();
      await this.writeNow(reply);
    });
    this.writing = written.catch(() => undefined);
    return written;
  }

  /**
   * Resolves when everything written has left. A stream may be failed only then: with an answer still on its way, the
   * end of the stream waits for it, but the error destroys the stream at once, and the client never hears a status.
   */
  async flushed(): Promise<void> {
    await this.writing;
    await this.lastWritten;
  }

  private writeNow(reply: Reply): Promise<void> {
    const { call, signal } = this;
    if (signal.aborted) return Promise.resolve();
    this.bytesUnsent += reply.byteLength;
    let hasRoom = true;
    this.lastWritten = new Promise((resolve) => {
      hasRoom = call.write(reply, () => {
        this.bytesUnsent -= reply.byteLength;
        resolve();
      });
    });
    return hasRoom && this.bytesUnsent <= UNSENT_BYTES_MAX ? Promise.resolve() : this.sent();
  }

  /** Resolves when all that was written has left, or when the call is over. */
  private async sent(): Promise<void> {
    const { signal, lastWritten } = this;
    const over = Promise.withResolvers<void>();
    const end = (): void => over.resolve();
    signal.addEventListener('abort', end);
    await Promise.race([lastWritten, over.promise]);
    signal.removeEventListener('abort', end);
  }
}
