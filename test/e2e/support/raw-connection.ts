import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RunningServer } from '../../support/server.js';

/** A TCP connection on which a test says exactly what it wants, well-formed or not. */
export class RawConnection {
  private received = Buffer.alloc(0);
  readonly closed: Promise<void>;
  isClosed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
  }

  /** `allowHalfOpen`: the other side's FIN is then not answered, so that the test alone decides when it hangs up. */
  static async to(server: RunningServer, options: { allowHalfOpen?: boolean } = {}): Promise<RawConnection> {
    const socket = connect({ port: server.port, host: server.host, ...options });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** `count` connections, open together. */
  static many(server: RunningServer, count: number): Promise<RawConnection[]> {
    return Promise.all(Array.from({ length: count }, () => RawConnection.to(server)));
  }

  /** Resolves once the bytes are with the kernel. */
  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** What came so far, as latin1. */
  get text(): string {
    return this.received.toString('latin1');
  }

  /** Everything until the server hangs up. */
  async untilClosed(): Promise<string> {
    await this.closed;
    return this.text;
  }

  /** RST instead of FIN. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** A whole HTTP/1.1 request for one embedding. */
export function embeddingRequest(text: string, headers = ''): string {
  const body = JSON.stringify({ input: text });
  return (
    `POST /v1/embeddings HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n${headers}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
