import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a client may go on sending a body that was refused, in milliseconds. */
const DISCARD_MS_MAX = 5_000;

/** Whether the request has a body at all. */
export function hasBody(req: IncomingMessage): boolean {
  return Number(req.headers['content-length'] ?? 0) > 0 || req.headers['transfer-encoding'] !== undefined;
}

/** Whether more of the request is to come. Node calls a request without a body incomplete, too, while it is handled. */
export function hasUnreadBody(req: IncomingMessage): boolean {
  return hasBody(req) && !req.complete;
}

/**
 * Reads the rest of a refused body and throws it away: closing a socket with unread bytes resets the line, and the
 * client loses the answer that says why. One that has not come to an end by then is cut. To be called before the answer
 * is sent.
 */
export function discardRest(req: IncomingMessage, res: ServerResponse): void {
  // Also for a client that asked for a close: Node would cut the line right after the answer.
  res.shouldKeepAlive = true;
  req.resume();
  const timer = setTimeout(() => {
    if (!req.complete) req.socket.destroy();
  }, DISCARD_MS_MAX);
  timer.unref();
}
