import { DomainError, type DomainErrorDetails } from '#core';

/**
 * The errors of fetching. Their texts name the host as the URL writes it, and never what it resolved to, nor how a
 * connection failed: a caller could otherwise map the server's network by trying addresses. `internal` has the details,
 * for the log.
 */

/** Why the server will not fetch a picture, in a word. None says more than the text of its error. */
export type FetchRefusal =
  | 'urls_off'
  | 'scheme'
  | 'malformed'
  | 'port'
  | 'credentials'
  | 'downgrade'
  | 'private_address'
  | 'files_off'
  | 'file_outside';

/** How a fetch that was tried failed, in a word. None says more than the text of its error. */
export type FetchFailure =
  'timeout' | 'unknown_host' | 'connection' | 'status' | 'redirect' | 'protocol' | 'encoding' | 'file_unreadable';

export type FetchReason = FetchRefusal | FetchFailure;

/** A picture that could not be fetched, with the reason as one of few words: for metrics and traces. */
export class FetchError extends DomainError {
  constructor(
    code: 'fetch_refused' | 'fetch_failed',
    readonly reason: FetchReason,
    publicText: string,
    details: DomainErrorDetails = {},
  ) {
    super(code, publicText, details);
  }
}

const HOST_CHARS_MAX = 80;

/** A host as messages show it; the caller wrote it, so a long one is cut. */
export function shownHost(host: string): string {
  return host.length <= HOST_CHARS_MAX ? host : `${host.slice(0, HOST_CHARS_MAX)}…`;
}

/** The server will not fetch from there, whoever asks and however often. */
export function fetchRefused(reason: FetchRefusal, publicText: string, internal?: string): FetchError {
  return new FetchError('fetch_refused', reason, publicText, internal === undefined ? {} : { internal });
}

/** The operator turned URLs off (`CAS_FETCH_URLS`). */
export function urlsRefused(): FetchError {
  return fetchRefused(
    'urls_off',
    'This server does not fetch images by URL (CAS_FETCH_URLS is off). Send the image itself.',
  );
}

/** The host (or one it redirects to) is not on the public internet. */
export function addressRefused(host: string, internal: string): FetchError {
  return fetchRefused(
    'private_address',
    `The image's host ${shownHost(host)} is not on the public internet. Send the image itself, or ask the operator of this ` +
      'server to allow private addresses (CAS_ALLOW_PRIVATE_FETCH).',
    internal,
  );
}

/** The server tried; the other side did not deliver. */
export function fetchFailed(
  reason: FetchFailure,
  publicText: string,
  details: { internal?: string; cause?: unknown } = {},
): FetchError {
  return new FetchError('fetch_failed', reason, publicText, details);
}

/** Longer than allowed, whether announced, counted on the way or in a data URI. */
export function imageTooLarge(bytesMax: number): DomainError {
  return new DomainError(
    'image_too_large',
    `The image is larger than ${bytesMax} bytes, the most that this server reads from a URL or file (CAS_FETCH_BYTES_MAX). Send a smaller one.`,
  );
}

/** Any thrown value as an error with this reason and text; one that is a DomainError already stays as it is. */
export function toFetchError(thrown: unknown, reason: FetchFailure, publicText: string): DomainError {
  if (thrown instanceof DomainError) return thrown;
  return fetchFailed(reason, publicText, {
    internal: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    cause: thrown,
  });
}
