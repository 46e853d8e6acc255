import { DomainError } from '#core';
import { ImageFetcher, type ImageFetcherOptions } from '#serving';

type FetchCaller = Parameters<ImageFetcher['resolve']>[1];

export const bytesMax = 100_000;

/** A fetcher as a server with default settings has it, but for what the test changes. */
export function buildFetcher(changes: Partial<ImageFetcherOptions> = {}): ImageFetcher {
  return new ImageFetcher({ allowPrivate: false, bytesMax, timeoutMs: 10_000, concurrencyMax: 8, ...changes });
}

/**
 * A fetcher to which 127.0.0.1 is a public address and all else is refused, so that a test server can play a host of
 * the internet and 127.0.0.2 the network behind.
 */
export function buildInternetFetcher(changes: Partial<ImageFetcherOptions> = {}): ImageFetcher {
  return buildFetcher({ mayConnect: (address) => address === '127.0.0.1', ...changes });
}

/** A caller who stays. */
export const untilDone: FetchCaller = { principalId: 'someone', signal: new AbortController().signal };

/** The error a fetch ended with; fails the test when the fetch gave an image. */
export async function errorOf(fetched: Promise<Uint8Array>): Promise<DomainError> {
  const outcome = await fetched.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof DomainError) return outcome;
  throw new Error(`expected a DomainError, got ${String(outcome ?? 'an image')}`);
}
