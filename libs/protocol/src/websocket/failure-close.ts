import { WebSocket } from 'ws';

/** The sub-protocol of the Python client, and of nobody else's. */
const PYTHON_PROTOCOL = 'bytes';
const INTERNAL_ERROR = 1011;
const MESSAGE_TOO_BIG = 1009;

/** A close frame's reason holds at most this many bytes (RFC 6455 §5.5). */
const REASON_BYTES_MAX = 123;

/**
 * Closes because of a failure, with `code` and in words. The Python client makes an error of 1011 alone,
 * `ConnectionError` with the reason; on every other code it cancels its own futures, and the caller gets a
 * CancelledError without a word (jina, clients/base/websocket.py). So it gets 1011 whatever has failed.
 */
export function closeForFailure(socket: WebSocket, code: number, reason: string): void {
  const isPython = socket.protocol === PYTHON_PROTOCOL;
  socket.close(isPython ? INTERNAL_ERROR : code, shortened(reason));
}

function shortened(reason: string): string {
  return Buffer.from(reason)
    .subarray(0, REASON_BYTES_MAX)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

/**
 * A server's socket that also tells in words why ws itself closes it: over a frame that is too large or breaks the
 * protocol ws closes with a bare code. A close that the client has begun is answered with what the client said.
 */
export class ExplainingSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const isBare = code !== undefined && code !== 1000 && reason === undefined;
    if (!isBare) return super.close(code, reason);
    closeForFailure(this, code, code === MESSAGE_TOO_BIG ? TOO_BIG : BROKEN);
  }
}

const TOO_BIG = 'A message is larger than this server accepts. Send fewer or smaller items at a time.';
const BROKEN = 'A frame breaks the WebSocket protocol.';
