import type { Duplex, Writable } from 'node:stream';
import { thrownText } from '#core';

/**
 * A frame: 'CAS' and the version of the conversation, then two unsigned 32-bit little-endian lengths, then a JSON
 * header and a payload of raw bytes (encoded images and texts in, packed float32 out).
 */
export interface Frame {
  readonly header: unknown;
  /** Its own memory, so that float32 views of it are aligned and it can be kept without a copy. */
  readonly payload: Buffer<ArrayBuffer>;
}

/** What each side refuses to read. Far above any real frame: a guard against a stream that lost its place. */
export interface FrameLimits {
  readonly headerBytesMax: number;
  readonly payloadBytesMax: number;
}

/** The socket's place among a child process's file descriptors, after stdin, stdout and stderr. */
export const SOCKET_FD = 3;

const MAGIC = 0x01_53_41_43; // 'CAS', version 1
const PREFIX_BYTES = 12;
const LIMITS: FrameLimits = { headerBytesMax: 64 * 2 ** 20, payloadBytesMax: 2 ** 31 };

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
      this.end(thrownText(error));
    }
  }

  private end(reason?: string): void {
    if (!this.open) return;
    this.destroy();
    this.events.closed(reason);
  }
}

/**
 * Writes one frame in one system call (writev), the parts as they are, without a copy. Resolves when the bytes have
 * left the process; rejects when the other side is gone.
 */
export function writeFrame(out: Writable, header: object, parts: readonly Uint8Array[]): Promise<void> {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32LE(MAGIC, 0);
  prefix.writeUInt32LE(json.byteLength, 4);
  prefix.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.byteLength, 0),
    8,
  );
  return new Promise((resolve, reject) => {
    const whole = [prefix, json, ...parts];
    const last = whole.length - 1;
    out.cork();
    whole.forEach((part, n) =>
      n < last ? out.write(part) : out.write(part, (err) => (err ? reject(err) : resolve())),
    );
    out.uncork();
  });
}

/** Cuts a stream of chunks, however they fall, into frames. Throws on what is no frame of this version. */
export class FrameReader {
  private readonly prefix: Field = { bytes: Buffer.allocUnsafe(PREFIX_BYTES), filled: 0 };
  private payload: Field<ArrayBuffer> | undefined;
  private header: Field | undefined;

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly limits: FrameLimits = LIMITS,
  ) {}

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.byteLength > 0) {
      rest = this.fillOne(rest);
      this.deliverIfWhole();
    }
  }

  private fillOne(chunk: Uint8Array): Uint8Array {
    if (!isFull(this.prefix)) {
      const rest = fill(this.prefix, chunk);
      if (isFull(this.prefix)) this.readPrefix();
      return rest;
    }
    if (this.header && !isFull(this.header)) return fill(this.header, chunk);
    return this.payload ? fill(this.payload, chunk) : chunk;
  }

  private readPrefix(): void {
    const { bytes } = this.prefix;
    const headerBytes = bytes.readUInt32LE(4);
    const payloadBytes = bytes.readUInt32LE(8);
    if (bytes.readUInt32LE(0) !== MAGIC) throw new Error('not a frame of this version');
    if (headerBytes === 0 || headerBytes > this.limits.headerBytesMax)
      throw new Error(`frame header: ${headerBytes} bytes`);
    if (payloadBytes > this.limits.payloadBytesMax) throw new Error(`frame payload: ${payloadBytes} bytes`);
    this.header = { bytes: Buffer.allocUnsafe(headerBytes), filled: 0 };
    this.payload = { bytes: Buffer.allocUnsafeSlow(payloadBytes), filled: 0 };
  }

  private deliverIfWhole(): void {
    const { header, payload } = this;
    if (!header || !payload || !isFull(header) || !isFull(payload)) return;
    this.prefix.filled = 0;
    this.header = undefined;
    this.payload = undefined;
    const parsed: unknown = JSON.parse(header.bytes.toString('utf8'));
    this.onFrame({ header: parsed, payload: payload.bytes });
  }
}

/** A part of a frame while it comes. */
interface Field<Memory extends ArrayBufferLike = ArrayBufferLike> {
  readonly bytes: Buffer<Memory>;
  filled: number;
}

function isFull(field: Field): boolean {
  return field.filled === field.bytes.byteLength;
}

/** Copies as much of `chunk` as fits into the field, and returns the rest. */
function fill(field: Field, chunk: Uint8Array): Uint8Array {
  const part = chunk.subarray(0, field.bytes.byteLength - field.filled);
  field.bytes.set(part, field.filled);
  field.filled += part.byteLength;
  return chunk.subarray(part.byteLength);
}
