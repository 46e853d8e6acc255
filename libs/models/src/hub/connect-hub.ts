import { EnvHttpProxyAgent } from 'undici';
import { HubClient } from './hub-client.js';

/** A client of the hub, and the end of its connections. */
export interface HubConnection {
  readonly client: HubClient;
  readonly disconnect: () => Promise<void>;
}

export interface HubConnectionOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly stallMsMax: number;
}

const CONNECT_MS_MAX = 10_000;

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment are heeded. Nothing is asked yet. */
export function connectHub({ url, token, stallMsMax }: HubConnectionOptions): HubConnection {
  const dispatcher = new EnvHttpProxyAgent({
    bodyTimeout: stallMsMax,
    headersTimeout: stallMsMax,
    connect: { timeout: CONNECT_MS_MAX },
  });
  return { client: new HubClient({ url, token, dispatcher }), disconnect: () => dispatcher.destroy() };
}
