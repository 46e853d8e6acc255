import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock } from '#core';

/** The slowest that a body may come is this many bytes in the time that a request has: over 2 kB a second with two minutes. */
const PROGRESS_BYTES = 256 * 1024;

const LOOK_INTERVAL_MS = 1_000;

interface Arrival {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** What the connection had read, and when (milliseconds of the monotonic clock), as the time began. */
  bytesRead: number;
  sinceMs: number;
}

export interface StallOptions {
  readonly requestMsMax: number;
  readonly clock: Clock;
  readonly giveUp: (req: IncomingMessage, res: ServerResponse) => void;
}

/**
 * Gives up requests that do not come to an end. Each has `requestMsMax` for every PROGRESS_BYTES of it, so a large body on a slow line
 * has all the time that it needs and one that comes byte by byte has not. While it is the server that does not read on,
 * no time passes. Node's own `requestTimeout` cannot do this: it counts from the first byte to the last, whoever is slow.
 */
export function cutStalledRequests(server: Server, { requestMsMax, clock, giveUp }: StallOptions): void {
  const arrivals = new Set<Arrival>();
  const look = (): void => {
    for (const arrival of arrivals) {
      const { req, res, sinceMs } = arrival;
      if (req.complete || req.destroyed) arrivals.delete(arrival);
      else if (hasMovedOn(arrival)) Object.assign(arrival, stateOf(req, clock));
      else if (clock.now() - sinceMs >= requestMsMax) {
        arrivals.delete(arrival);
        giveUp(req, res);
      }
    }
    cancel = clock.after(LOOK_INTERVAL_MS, look);
  };
  let cancel = clock.after(LOOK_INTERVAL_MS, look);
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    arrivals.add({ req, res, ...stateOf(req, clock) });
  });
  server.once('close', () => cancel());
}

function stateOf(req: IncomingMessage, clock: Clock): Pick<Arrival, 'bytesRead' | 'sinceMs'> {
  return { bytesRead: req.socket.bytesRead, sinceMs: clock.now() };
}

/** Bytes that nobody has taken yet count too: behind them the next ones are not asked for. */
function hasMovedOn({ req, bytesRead }: Arrival): boolean {
  return req.readableLength > 0 || req.socket.bytesRead - bytesRead >= PROGRESS_BYTES;
}
