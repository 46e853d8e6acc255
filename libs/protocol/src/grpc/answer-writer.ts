import type { ServerDuplexStream } from '@grpc/grpc-js';

/** Writes the answers of one stream, each once the client has room for it. */
export class AnswerWriter<Reply> {
  private writing: Promise<void> = Promise.resolve();
  private lastWritten: Promise<void> = Promise.resolve();

  constructor(
    private readonly call: ServerDuplexStream<Uint8Array, Reply>,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when the client has room for more, or when the call is over. */
  write(reply: Reply): Promise<void> {
    this.writing = this.writing.then(() => this.writeNow(reply));
    return this.writing;
  }

  /**
   * Resolves when everything written has left. A stream may be failed only then: with an answer still on its way, the end of
   * the stream waits for it, but the error destroys the stream at once, and the client never hears a status.
   */
  async flushed(): Promise<void> {
    await this.writing;
    await this.lastWritten;
  }

  private writeNow(reply: Reply): Promise<void> {
    const { call, signal } = this;
    if (signal.aborted) return Promise.resolve();
    let hasRoom = true;
    this.lastWritten = new Promise((resolve) => {
      hasRoom = call.write(reply, () => resolve());
    });
    return hasRoom ? Promise.resolve() : this.room();
  }

  private room(): Promise<void> {
    const { call, signal } = this;
    return new Promise((resolve) => {
      const done = (): void => {
        call.off('drain', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      call.on('drain', done);
      signal.addEventListener('abort', done);
    });
  }
}
