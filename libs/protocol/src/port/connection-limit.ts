import type { Socket } from 'node:net';
import { awaitFirstBytes, type Spoken } from './first-bytes.js';

/** How long a refused connection may take to show its protocol, in milliseconds. */
const ANSWER_MS_MAX = 1_000;

/** Most refused connections that are answered at a time; further ones are cut without an answer. */
const ANSWERED_MAX = 64;

const REASON = 'The server has as many connections as it takes, or as many from this address. Try again later.';

/** What a port counts its connections by. */
export interface ConnectionLimitOptions {
  /** Most connections at a time. One address has at most half of them. */
  readonly connectionsMax: number;
  /** What connections are counted by: the address, of IPv6 the network. */
  readonly keyOf: (address: string) => string;
  /** Whether an address is that of a proxy, which may have all connections. */
  readonly isProxy: (address: string) => boolean;
  readonly onRefused: () => void;
}

/**
 * Bounds the connections of a port, whatever they speak, since each holds a descriptor and some memory also while it is
 * silent. A refused connection is answered where that costs nothing: over HTTP/1.1 with 503, over HTTP/2 with GOAWAY,
 * which gRPC clients take for `RESOURCE_EXHAUSTED` or `UNAVAILABLE`. A TLS client is cut before the handshake.
 */
export class ConnectionLimit {
  private readonly byAddress = new Map<string, number>();
  private total = 0;
  private answering = 0;

  constructor(private readonly options: ConnectionLimitOptions) {}

  /** Connections that are open now. */
  get count(): number {
    return this.total;
  }

  /** Counts `socket` until it is closed; false, and it is refused, where there are too many. */
  admit(socket: Socket): boolean {
    const { connectionsMax, isProxy, keyOf, onRefused } = this.options;
    const address = socket.remoteAddress ?? 'unknown';
    const key = keyOf(address);
    const ofAddress = this.byAddress.get(key) ?? 0;
    const isFull = this.total >= connectionsMax || (!isProxy(address) && ofAddress >= connectionsMax / 2);
    if (isFull) {
      onRefused();
      this.refuse(socket);
      return false;
    }
    this.total += 1;
    this.byAddress.set(key, ofAddress + 1);
    socket.once('close', () => this.leave(key));
    return true;
  }

  private leave(key: string): void {
    this.total -= 1;
    const left = (this.byAddress.get(key) ?? 1) - 1;
    if (left === 0) this.byAddress.delete(key);
    else this.byAddress.set(key, left);
  }

  private refuse(socket: Socket): void {
    if (this.answering >= ANSWERED_MAX) return void socket.destroy();
    this.answering += 1;
    socket.once('close', () => (this.answering -= 1));
    awaitFirstBytes(
      socket,
      ANSWER_MS_MAX,
      (spoken) => answerRefused(socket, spoken),
      () => undefined,
    );
  }
}

function answerRefused(socket: Socket, spoken: Spoken): void {
  socket.on('error', () => undefined).resume();
  if (spoken === 'tls') socket.destroy();
  else socket.end(spoken === 'http1' ? unavailable() : goAway(), () => socket.destroy());
}

function unavailable(): string {
  const fields = [
    'Content-Type: text/plain',
    `Content-Length: ${REASON.length + 1}`,
    'Retry-After: 10',
    'Connection: close',
  ];
  return `HTTP/1.1 503 Service Unavailable\r\n${fields.join('\r\n')}\r\n\r\n${REASON}\n`;
}

/** `ENHANCE_YOUR_CALM` (RFC 9113 §7). */
const CALM = 0x0b;

/** An empty SETTINGS frame, which has to come first, and GOAWAY (RFC 9113 §3.4, §6.8). */
function goAway(): Buffer {
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const head = Buffer.from([0, 0, 8 + REASON.length, 7, 0, 0, 0, 0, 0]);
  return Buffer.concat([settings, head, Buffer.from([0, 0, 0, 0, 0, 0, 0, CALM]), Buffer.from(REASON)]);
}
