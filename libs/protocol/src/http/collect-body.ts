import type { IncomingMessage, ServerResponse } from 'node:http';
import { Http2ServerRequest } from 'node:http2';
import type { Readable } from 'node:stream';
import { DomainError } from '#core';
import { callerKey, callerOf } from '../request/caller.js';
import { type ByteBudget, GrowingBuffer, type Reservation } from '../budget/index.js';

/** Largest size of a body, after decompression, and what is thrown above it. */
export interface SizeBound {
  readonly bytesMax: number;
  readonly tooLarge: () => DomainError;
}

const reservations = new WeakMap<IncomingMessage, Reservation>();

/** Gives back what the body of `req` holds of the budget: the request is answered, or its caller is gone. */
export function releaseBody(req: IncomingMessage): void {
  reservations.get(req)?.release();
}

/** Gives back what the body of `req` holds at the latest when the connection is gone. */
export function releaseWhenGone(req: IncomingMessage, res: ServerResponse): void {
  res.once('close', () => releaseBody(req));
}

/**
 * Reads a body to its end (cutStalledRequests sees to it that there is one) and counts it in the budget, from its first
 * byte until `releaseBody`. While there is no room for what has come, nothing more is read. A small body is refused
 * then with `queue_full`, unless it comes from the Python client, which gives up its whole work at the first refusal.
 * Throws the bound's error for a body that is too large, `queue_full` for one that comes too slowly while others wait,
 * and `invalid_argument` for one that is cut short or not encoded as it says.
 *
 * @param stream the body, decompressed
 * @param bytesExpected its length, where that is known
 */
export function collectBody(
  req: IncomingMessage,
  stream: Readable,
  budget: ByteBudget,
  { bytesMax, tooLarge }: SizeBound,
  bytesExpected?: number,
): Promise<Buffer> {
  if (bytesExpected !== undefined && bytesExpected > bytesMax) return Promise.reject(tooLarge());
  const whole = new GrowingBuffer(bytesExpected);
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const session = req instanceof Http2ServerRequest ? req.stream.session : undefined;
    const isPython = req.headers['user-agent']?.includes('aiohttp') === true;
    const reservation = budget.open({
      caller: () => callerKey(callerOf(req, 'http')),
      mayWait: (isLarge) => (isLarge || isPython) && (!session || budget.windows.mayWait(session, reservation)),
      onRoom: () => void stream.resume(),
      onCut: (reason) => fail(reason),
    });
    if (bytesExpected !== undefined) reservation.expect(bytesExpected);
    reservations.set(req, reservation);
    const stop = (): void => {
      stream.off('data', onData).off('end', onEnd).off('close', onClose);
      stream.pause();
    };
    // Destroying the body would cut the line before the refusal is out.
    const fail = (reason: DomainError): void => {
      stop();
      reservation.release();
      reject(reason);
    };
    const onData = (piece: Buffer): void => {
      bytes += piece.length;
      budget.windows.raise(session);
      if (bytes > bytesMax) return fail(tooLarge());
      whole.append(piece);
      try {
        if (!reservation.add(piece.length)) stream.pause();
      } catch (err) {
        fail(DomainError.from(err));
      }
    };
    const onEnd = (): void => {
      stop();
      reservation.complete();
      resolve(whole.finish());
    };
    const onClose = (): void => fail(unreadable());
    stream.on('data', onData).on('end', onEnd).on('close', onClose);
    stream.on('error', onClose); // stays: what fails later concerns nobody
  });
}

function unreadable(): DomainError {
  return new DomainError('invalid_argument', 'The body could not be read: it is cut short or not encoded as it says.');
}
