import type { Duplex } from 'node:stream';
import { FrameReader, writeFrame, type Frame } from './frames.js';

/** The socket's place among a child process's file descriptors, after stdin, stdout and stderr. */
export const SOCKET_FD = 3;

/** What a channel reports to its owner. */
export interface FrameChannelEvents {
  frame(frame: Frame): void;
  /**
   * The other side has hung up, or (with a reason) said something that is no frame. Called once, never after `destroy`.
   */
  closed(reason?: string): void;
}

/** Frames over a socket, both ways; the same at both of its ends. */
export class FrameChannel {
  private readonly reader: FrameReader;
  private open = true;

  constructor(
    private readonly socket: Duplex,
    private readonly events: FrameChannelEvents,
  ) {
    this.reader = new FrameReader((frame) => {
      if (this.open) events.frame(frame);
    });
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('end', () => this.end());
    socket.on('error', (error) => this.end(error.message));
    socket.on('close', () => this.end());
  }

  /** Resolves when the frame has left this process, and also when the other side is gone: `closed` reports that. */
  async send({ header, parts }: { header: object; parts: Uint8Array[] }): Promise<void> {
    if (!this.open) return;
    await writeFrame(this.socket, header, parts).catch((error: Error) => this.end(error.message));
  }

  /** Hangs up; nothing is read or reported after this. */
  destroy(): void {
    this.open = false;
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    if (!this.open) return;
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
  }

  private end(reason?: string): void {
    if (!this.open) return;
    this.destroy();
    this.events.closed(reason);
  }
}
