import { IMAGE_LIMITS_DEFAULT } from '#clip';
import { randomId } from '#core';

/** A fetcher of pictures by address, until it is closed. */
export interface OpenFetcher {
  fetch(url: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 20_000;
const FETCHES_MAX = 8;

/** The service's own fetcher, which connects to public addresses only: a data set may name any host. */
export function imageFetcher(): OpenFetcher {
  const opened = import('#serving').then(
    ({ ImageFetcher }) =>
      new ImageFetcher({
        allowPrivate: false,
        bytesMax: IMAGE_LIMITS_DEFAULT.bytesMax,
        timeoutMs: TIMEOUT_MS,
        concurrencyMax: FETCHES_MAX,
      }),
  );
  const caller = { principalId: randomId(8), signal: new AbortController().signal };
  return {
    fetch: async (url) => (await opened).resolve(url, caller),
    close: async () => (await opened).close(),
  };
}
