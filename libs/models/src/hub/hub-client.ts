import type { Readable } from 'node:stream';
import { DomainError } from '#core';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { digestIn, lengthIn, redirectTarget, startOf, text, textAtMost } from './hub-answer.js';
import { reachFault, statusFault } from './hub-errors.js';
import { type HubFile, type HubRevision, parseRevision } from './hub-revision.js';

/** Where the hub is, and with which token it is asked. */
export interface HubClientOptions {
  /** The hub or a mirror of it, without a slash at the end. */
  readonly url: string;
  /** Sent to the hub's own origin only, never to a host that it redirects to. */
  readonly token?: string | undefined;
  /** Carries time limits and the proxy. */
  readonly dispatcher: Dispatcher;
}

/** The bytes of a file from some position on, and the digest of the whole file. */
export interface HubContent {
  readonly body: Readable;
  /** The byte at which `body` starts; 0 when the server ignored the position asked for. */
  readonly from: number;
  /** SHA-256 of the whole file in hex, where the hub's headers have it. */
  readonly sha256: string | undefined;
  /** Git's SHA-1 of the whole file in hex, where they have that instead. */
  readonly gitSha1: string | undefined;
}

interface HubAnswer {
  readonly response: Dispatcher.ResponseData;
  /** Of the hub itself. */
  readonly etag: string;
  /** Of the whole file for HEAD, else of this answer; undefined where no header tells. */
  readonly bytes: number | undefined;
}

const REDIRECTS_MAX = 5;
const LISTING_BYTES_MAX = 16 * 2 ** 20;

/**
 * The part of Hugging Face's HTTP API that a download needs. Methods reject with a PassingFault for a failure that may
 * pass, and with `not_found`, `permission_denied` or `unavailable` for one that will not.
 *
 * @example
 * const { client, disconnect } = connectHub({ url: 'https://hub.example', token: undefined, stallMsMax: 30_000 });
 * const { commit, files } = await client.revision('owner/name', 'main');
 */
export class HubClient {
  private readonly origin: string;

  constructor(private readonly options: HubClientOptions) {
    this.origin = new URL(options.url).origin;
  }

  /** Lists the files of a revision (a branch, tag or commit) with sizes and digests, and names its commit. */
  async revision(repository: string, revision: string, signal?: AbortSignal): Promise<HubRevision> {
    const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const { response } = await this.ask('GET', path, {}, `repository ${repository} at ${revision}`, signal);
    return parseRevision(await textAtMost(response.body, LISTING_BYTES_MAX), repository);
  }

  /** Opens a file at byte `from`. The caller reads `body` to its end or destroys it. */
  async open(
    repository: string,
    commit: string,
    path: string,
    from: number,
    signal?: AbortSignal,
  ): Promise<HubContent> {
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    const place = placeOf(repository, commit, path);
    const { response, etag } = await this.ask('GET', place, range, `file ${path} in ${repository}`, signal);
    return { body: response.body, from: startOf(response), ...digestIn(etag) };
  }

  /**
   * Reads size and digest of a file from its headers, for hubs that list names only. Rejects with `unavailable` without
   * a size.
   */
  async fileInfo(repository: string, commit: string, path: string, signal?: AbortSignal): Promise<HubFile> {
    const what = `file ${path} in ${repository}`;
    const { response, etag, bytes } = await this.ask('HEAD', placeOf(repository, commit, path), {}, what, signal);
    await response.body.dump();
    if (bytes !== undefined) return { path, bytes, ...digestIn(etag) };
    throw new DomainError(
      'unavailable',
      `The model hub gives no size of the ${what}, neither in its list nor in its headers. A mirror in CAS_HUB_URL has to.`,
    );
  }

  /** Follows redirects itself, so that the token never leaves the hub and the hub's own headers are kept. */
  private async ask(
    method: 'GET' | 'HEAD',
    path: string,
    headers: Readonly<Record<string, string>>,
    what: string,
    signal?: AbortSignal,
  ): Promise<HubAnswer> {
    let url = new URL(this.options.url + path);
    let etag = '';
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
      const isHub = url.origin === this.origin;
      const response = await this.send(method, url, headers, signal);
      const linkedBytes = isHub ? lengthIn(response, 'x-linked-size') : undefined;
      if (isHub) etag ||= text(response.headers['x-linked-etag']);
      // The address that the redirect names may be signed for GET only.
      if (method === 'HEAD' && linkedBytes !== undefined) return { response, etag, bytes: linkedBytes };
      if (response.statusCode === 200 || response.statusCode === 206) {
        if (isHub) etag ||= text(response.headers['etag']);
        return { response, etag, bytes: lengthIn(response, 'content-length') };
      }
      await response.body.dump();
      if (response.statusCode < 300 || response.statusCode >= 400) {
        const asked = { host: url.host, isHub, hasToken: this.options.token !== undefined };
        throw statusFault(response.statusCode, what, response.headers, asked);
      }
      url = redirectTarget(url, text(response.headers['location']));
    }
    throw new DomainError('unavailable', `The model hub redirects ${what} in circles. Check CAS_HUB_URL.`, {
      internal: url.href,
    });
  }

  private async send(
    method: 'GET' | 'HEAD',
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { token, dispatcher } = this.options;
    const own = token !== undefined && url.origin === this.origin ? { authorization: `Bearer ${token}` } : {};
    return request(url, {
      method,
      // Range and digest count the bytes as they are stored.
      headers: { 'user-agent': 'clip-as-service', 'accept-encoding': 'identity', ...headers, ...own },
      dispatcher,
      signal: signal ?? null,
    }).catch((cause: unknown) => {
      throw reachFault(cause, url.host);
    });
  }
}

function placeOf(repository: string, commit: string, path: string): string {
  return `/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** A client of the hub, and the function that ends its connections. */
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

/** Makes a client that obeys HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment. It sends nothing yet. */
export function connectHub({ url, token, stallMsMax }: HubConnectionOptions): HubConnection {
  const dispatcher = new EnvHttpProxyAgent({
    bodyTimeout: stallMsMax,
    headersTimeout: stallMsMax,
    connect: { timeout: CONNECT_MS_MAX },
  });
  return { client: new HubClient({ url, token, dispatcher }), disconnect: () => dispatcher.destroy() };
}
