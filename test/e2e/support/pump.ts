import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { WebSocket } from 'ws';
import type { RunningServer } from '../../support/server.js';
import type { RawConnection } from './raw-connection.js';
import { serves } from './server-process.js';

/** Between two looks at whether a pump stands still, this many other clients are served. */
const SERVED_BETWEEN_LOOKS = 10;
const LOOKS_WITHOUT_PROGRESS = 3;

/** Sends one thing after another for as long as the other side takes it. */
export class Pump {
  /** What the other side, or the buffers on the way to it, took. */
  sent = 0;
  /** Resolves when everything is sent, or after `stop`, or when the line is cut. */
  readonly done: Promise<void>;
  private stopped = false;

  constructor(
    readonly most: number,
    private readonly send: (index: number) => Promise<void>,
  ) {
    this.done = this.run().catch(() => undefined);
  }

  /** Sends nothing more after what is under way. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Resolves once nothing was taken while `server` served many other clients; fails when one of them was not served.
   */
  async stalled(server: RunningServer): Promise<void> {
    for (let quiet = 0; quiet < LOOKS_WITHOUT_PROGRESS && this.sent < this.most;) {
      const before = this.sent;
      for (let time = 0; time < SERVED_BETWEEN_LOOKS; time++) {
        if (!(await serves(server))) throw new Error('another client was not served');
      }
      quiet = this.sent === before ? quiet + 1 : 0;
    }
  }

  private async run(): Promise<void> {
    for (let at = 0; at < this.most && !this.stopped; at++) {
      await this.send(at);
      this.sent++;
    }
  }
}

/** Into a gRPC stream, as its flow control lets. */
export function intoStream<Message>(stream: ClientDuplexStream<Message, unknown>, message: (at: number) => Message) {
  return (at: number) =>
    new Promise<void>((resolve) => {
      if (stream.write(message(at))) resolve();
      else stream.once('drain', resolve);
    });
}

/** Into a WebSocket, one frame after the other is with the kernel. */
export function intoWebSocket(socket: WebSocket, frame: (at: number) => Uint8Array | string) {
  return (at: number) =>
    new Promise<void>((resolve, reject) => socket.send(frame(at), (err) => (err ? reject(err) : resolve())));
}

/** Into a TCP connection, one piece after the other is with the kernel. */
export function intoConnection(client: RawConnection, piece: (at: number) => string) {
  return (at: number) => client.write(piece(at));
}
