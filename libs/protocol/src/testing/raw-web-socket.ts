import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How a server closed a WebSocket. */
export interface WebSocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** What stands at the beginning of a frame; see `frame`. */
interface FrameHead {
  /** The payload that is announced; undefined where it is the one that is there. */
  announced?: number;
  fin?: boolean;
  opcode?: number;
}

/**
 * For specs: a WebSocket client that sends its frames byte by byte as a spec wants them, and answers nothing by itself.
 */
export class RawWebSocket {
  private received = Buffer.alloc(0);
  private isOpen = false;
  /** How many answers came whole. */
  answers = 0;
  /** How the server closed it; undefined while it has not. */
  end: WebSocketEnd | undefined;
  /** Resolves with the close frame, or with code 1006 when the line is cut without one. */
  readonly ended: Promise<WebSocketEnd>;
  private settle: (end: WebSocketEnd) => void = () => undefined;

  private constructor(readonly socket: Socket) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.close({ code: 1006, reason: '' }));
  }

  /** Opens one, from the loopback address `from`. */
  static async open(port: number, { path = '/', protocol = '', from = '127.0.0.1' } = {}): Promise<RawWebSocket> {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from });
    const client = new RawWebSocket(socket);
    const fields = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    fields.push(
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    );
    socket.write(`GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`);
    while (!client.isOpen) await once(socket, 'data');
    return client;
  }

  /** Resolves once the bytes are with the kernel. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    if (!this.isOpen) {
      const at = this.received.indexOf('\r\n\r\n');
      if (at < 0) return;
      this.isOpen = this.received.toString('latin1').startsWith('HTTP/1.1 101 ');
      this.received = this.received.subarray(at + 4);
    }
    while (this.readFrame());
  }

  private readFrame(): boolean {
    const { received } = this;
    if (received.length < 2) return false;
    const short = (received[1] ?? 0) & 127;
    const headBytes = { 126: 4, 127: 10 }[short] ?? 2;
    if (received.length < headBytes) return false;
    const length = short === 126 ? received.readUInt16BE(2) : short === 127 ? received.readUInt32BE(6) : short;
    if (received.length < headBytes + length) return false;
    const payload = received.subarray(headBytes, headBytes + length);
    this.received = received.subarray(headBytes + length);
    const opcode = (received[0] ?? 0) & 15;
    const isFinal = (received[0] ?? 0) >= 128;
    if (opcode < 8 && isFinal) this.answers += 1;
    const code = length < 2 ? 1005 : payload.readUInt16BE(0);
    if (opcode === 8) this.close({ code, reason: payload.subarray(2).toString() });
    return true;
  }

  private close(end: WebSocketEnd): void {
    this.end ??= end;
    this.settle(this.end);
  }
}

/** A client's frame, or its beginning where more is announced than is there. Its mask is that of zeros. */
export function frame(payload: Uint8Array | string, { announced, fin = true, opcode = 1 }: FrameHead = {}): Buffer {
  const bytes = Buffer.from(payload);
  const length = announced ?? bytes.length;
  const isShort = length < 126;
  const head = Buffer.alloc(isShort ? 6 : 14);
  head[0] = (fin ? 128 : 0) | opcode;
  head[1] = 128 | (isShort ? length : 127);
  if (!isShort) head.writeUInt32BE(length, 6);
  return Buffer.concat([head, bytes]);
}
