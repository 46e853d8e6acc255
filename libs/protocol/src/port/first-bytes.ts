import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/** The protocol of a connection, as its first bytes show it. */
export type Spoken = 'http1' | 'http2' | 'tls';

/** The client's HTTP/2 connection preface starts with this (RFC 9113 §3.4). */
const PREFACE = Buffer.from('PRI ');

/** The type of a TLS record that begins a handshake (RFC 8446 §5.1); no HTTP method begins so. */
const TLS_HANDSHAKE = 0x16;

/**
 * Reads as many bytes as decide between HTTP/1, HTTP/2 and TLS, puts them back and hands over. A client that is silent
 * for `waitMsMax`, hangs up or resets before that is destroyed and `handOver` is never called. `onEnd` runs once in any
 * case. Reading is by `readable` + `read` + one `unshift`: a `data` listener loses bytes or stalls WebSockets.
 */
export function awaitFirstBytes(
  socket: Socket,
  waitMsMax: number,
  handOver: (spoken: Spoken) => void,
  onEnd: () => void,
): void {
  let seen = Buffer.alloc(0);
  const timer = setTimeout(() => giveUp(), waitMsMax);

  const stopListening = (): void => {
    clearTimeout(timer);
    socket.off('readable', onReadable);
    for (const event of ['end', 'close', 'error']) socket.off(event, giveUp);
    onEnd();
  };
  const giveUp = (): void => {
    stopListening();
    swallowErrors(socket);
    socket.destroy();
  };
  const onReadable = (): void => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    seen = Buffer.concat([seen, chunk]);
    const spoken = decide(seen);
    if (spoken === undefined) return;
    stopListening();
    socket.unshift(seen);
    handOver(spoken);
  };
  socket.on('readable', onReadable);
  for (const event of ['end', 'close', 'error']) socket.on(event, giveUp);
}

/** Undefined while the bytes so far are the beginning of several. */
function decide(seen: Buffer): Spoken | undefined {
  if (seen[0] === TLS_HANDSHAKE) return 'tls';
  const common = seen.subarray(0, PREFACE.length);
  if (!PREFACE.subarray(0, common.length).equals(common)) return 'http1';
  return seen.length >= PREFACE.length ? 'http2' : undefined;
}

function swallowErrors(stream: Duplex): void {
  stream.on('error', () => undefined);
}
