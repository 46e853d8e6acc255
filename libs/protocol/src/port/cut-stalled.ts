import type { EventEmitter } from 'node:events';
import { every, type Clock } from '#core';
import { PROGRESS_BYTES } from '../budget/index.js';

const CHECK_INTERVAL_MS = 1_000;

/** What HTTP/1.1 and HTTP/2 requests have in common here. */
interface Arriving {
  readonly complete: boolean;
  readonly destroyed: boolean;
  readonly readableLength: number;
}

interface Arrival<Req, Res> {
  readonly req: Req;
  readonly res: Res;
  /** How much had arrived, and when (milliseconds of the monotonic clock), as the time began. */
  bytesRead: number;
  sinceMs: number;
}

/** When a request counts as stalled, and what becomes of it then. */
export interface StallOptions<Req, Res> {
  readonly requestMsMax: number;
  readonly clock: Clock;
  /** How many bytes of a request, or of its connection, have arrived. */
  readonly bytesArrived: (req: Req) => number;
  readonly giveUp: (req: Req, res: Res) => void;
}

/**
 * Gives up requests that do not come to an end. Each has `requestMsMax` for every PROGRESS_BYTES of it, so a large body
 * on a slow line has all the time that it needs and one that comes byte by byte has not. While it is the server that
 * does not read on, no time passes. Node's own `requestTimeout` cannot do this: it counts from the first byte to the
 * last, whoever is slow.
 */
export function cutStalledRequests<Req extends Arriving, Res>(
  server: EventEmitter,
  { requestMsMax, clock, bytesArrived, giveUp }: StallOptions<Req, Res>,
): void {
  const arrivals = new Set<Arrival<Req, Res>>();
  const stateOf = (req: Req) => ({ bytesRead: bytesArrived(req), sinceMs: clock.now() });
  // Bytes that nobody has taken yet count too: behind them the next ones are not asked for.
  const hasMovedOn = ({ req, bytesRead }: Arrival<Req, Res>): boolean =>
    req.readableLength > 0 || bytesArrived(req) - bytesRead >= PROGRESS_BYTES;
  const check = (): void => {
    for (const arrival of arrivals) {
      const { req, res, sinceMs } = arrival;
      if (req.complete || req.destroyed) arrivals.delete(arrival);
      else if (hasMovedOn(arrival)) Object.assign(arrival, stateOf(req));
      else if (clock.now() - sinceMs >= requestMsMax) {
        arrivals.delete(arrival);
        giveUp(req, res);
      }
    }
  };
  const checks = every(clock, CHECK_INTERVAL_MS, check);
  server.on('request', (req: Req, res: Res) => {
    arrivals.add({ req, res, ...stateOf(req) });
  });
  server.once('close', () => void checks.stop());
}
