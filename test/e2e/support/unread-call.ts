import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { RunningServer } from '../../support/server.js';

const PREFIX_BYTES = 5;

/**
 * A gRPC stream by hand: nothing is read before `readToEnd`. gRPC's own client reads ahead without bound while its user
 * does not, so it cannot show what a server does then.
 */
export class UnreadCall {
  private constructor(
    private readonly session: ClientHttp2Session,
    private readonly stream: ClientHttp2Stream,
  ) {
    session.on('error', () => undefined);
    stream.on('error', () => undefined);
  }

  /** `path` is `/package.Service/Method`. */
  static to(server: RunningServer, path: string): UnreadCall {
    const session = connect(server.http());
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    return new UnreadCall(session, session.request(headers, { endStream: false }));
  }

  /** Resolves once flow control has let the whole message out. */
  send(message: Uint8Array): Promise<void> {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(message.length, 1);
    return new Promise((resolve, reject) => {
      this.stream.write(Buffer.concat([prefix, message]), (err) => (err ? reject(err) : resolve()));
    });
  }

  /** Ends the input, reads everything, and gives the number of answers and the status. */
  async readToEnd(): Promise<{ answers: number; status: string }> {
    let status = '';
    this.stream.on('trailers', (trailers) => (status = String(trailers['grpc-status'])));
    this.stream.end();
    const answers = await this.countAnswers();
    this.session.close();
    return { answers, status };
  }

  close(): void {
    this.session.destroy();
  }

  private async countAnswers(): Promise<number> {
    let answers = 0;
    let unread = Buffer.alloc(0);
    for await (const chunk of this.stream as AsyncIterable<Buffer>) {
      unread = Buffer.concat([unread, chunk]);
      while (unread.length >= PREFIX_BYTES) {
        const length = PREFIX_BYTES + unread.readUInt32BE(1);
        if (unread.length < length) break;
        unread = unread.subarray(length);
        answers++;
      }
    }
    return answers;
  }
}
