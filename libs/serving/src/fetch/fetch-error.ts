import { DomainError } from '#core';

/**
 * The errors of fetching. Their texts never say what a name resolved to, nor how a connection failed: a caller could
 * otherwise map the server's network by trying addresses. `internal` has the details, for the log.
 */

/** The server will not fetch from there, whoever asks and however often. */
export function fetchRefused(publicText: string, internal?: string): DomainError {
  return new DomainError('fetch_refused', publicText, internal === undefined ? {} : { internal });
}

/** The operator turned URLs off (`CAS_FETCH_URLS`). */
export function urlsRefused(): DomainError {
  return fetchRefused('This server fetches no images from URLs. Send the image itself.');
}

/** The address (or one it redirects to) is not on the public internet. */
export function addressRefused(internal: string): DomainError {
  return fetchRefused(
    'The host of the image is not on the public internet. Send the image itself, or ask the operator to allow private addresses.',
    internal,
  );
}

/** The server tried; the other side did not deliver. */
export function fetchFailed(publicText: string, details: { internal?: string; cause?: unknown } = {}): DomainError {
  return new DomainError('fetch_failed', publicText, details);
}

/** Longer than allowed, whether announced, counted on the way or in a data URI. */
export function imageTooLarge(bytesMax: number): DomainError {
  return new DomainError(
    'image_too_large',
    `The image is larger than ${bytesMax} bytes, the most that this server takes by uri. Send a smaller one.`,
  );
}

/** Any thrown value of the network as a DomainError; one that is a DomainError already stays as it is. */
export function toFetchError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  return fetchFailed('The image could not be fetched. Check its uri and try again.', {
    internal: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    cause: thrown,
  });
}
