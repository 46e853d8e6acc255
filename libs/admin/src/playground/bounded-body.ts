import { Transform } from 'node:stream';
import { DomainError } from '#core';

/** Passes bytes on, and fails with `request_too_large` once there are more than `bytesMax`. */
export function boundedBody(bytesMax: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bytesMax) done(bodyTooLarge(bytesMax));
      else done(null, chunk);
    },
  });
}

export function bodyTooLarge(bytesMax: number): DomainError {
  const mebibytes = bytesMax / 2 ** 20;
  return new DomainError(
    'request_too_large',
    `The playground takes at most ${mebibytes} MiB a request, pictures in base64 included. Send fewer or smaller pictures.`,
  );
}
