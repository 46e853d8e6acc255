import type { Readable } from 'node:stream';
import { DomainError } from '#core';
import { type Dispatcher, request } from 'undici';
import { PassingFault, statusFault } from './hub-errors.js';
import { type HubRevision, parseRevision } from './hub-revision.js';

/** Where the hub is and who asks. */
export interface HubClientOptions {
  /** The hub or a mirror of it, without a slash at the end. */
  readonly url: string;
  /** Sent to the hub's own origin only, never to where it redirects. */
  readonly token?: string | undefined;
  /** Carries time limits and the proxy. */
  readonly dispatcher: Dispatcher;
}

/** The bytes of a file from some position on, and what the hub says of the whole. */
export interface HubContent {
  readonly body: Readable;
  /** Where `body` starts; 0 when the server did not heed the position asked for. */
  readonly from: number;
  /** SHA-256 of the whole file in hex, where the hub's headers tell. */
  readonly sha256: string | undefined;
  /** Git's SHA-1 of the whole file in hex, where they tell that instead. */
  readonly gitSha1: string | undefined;
}

const REDIRECTS_MAX = 5;
const LISTING_BYTES_MAX = 16 * 2 ** 20;

/**
 * Hugging Face's HTTP API, as far as a download needs it. Rejects with a PassingFault for what may pass and with
 * `not_found`, `permission_denied` or `unavailable` for what will not.
 */
export class HubClient {
  private readonly origin: string;

  constructor(private readonly options: HubClientOptions) {
    this.origin = new URL(options.url).origin;
  }

  /** The commit that `revision` (a branch, tag or commit) names, and its files with sizes and digests. */
  async revision(repository: string, revision: string, signal?: AbortSignal): Promise<HubRevision> {
    const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const { response } = await this.get(path, {}, `repository ${repository} at ${revision}`, signal);
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
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    const place = `/${repository}/resolve/${commit}/${encoded}`;
    const { response, etag } = await this.get(place, range, `file ${path} in ${repository}`, signal);
    const digest = /^(?:W\/)?"?(?:([0-9a-f]{64})|([0-9a-f]{40}))"?$/.exec(etag);
    return { body: response.body, from: startOf(response), sha256: digest?.[1], gitSha1: digest?.[2] };
  }

  /** Follows redirects by hand: the token stays at home, and the hub's own headers are kept. */
  private async get(
    path: string,
    headers: Readonly<Record<string, string>>,
    what: string,
    signal?: AbortSignal,
  ): Promise<{ response: Dispatcher.ResponseData; etag: string }> {
    let url = new URL(this.options.url + path);
    let etag = '';
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
      const response = await this.send(url, headers, signal);
      if (url.origin === this.origin) etag ||= text(response.headers['x-linked-etag']);
      if (response.statusCode === 200 || response.statusCode === 206) {
        if (url.origin === this.origin) etag ||= text(response.headers['etag']);
        return { response, etag };
      }
      await response.body.dump();
      if (response.statusCode < 300 || response.statusCode >= 400) {
        throw statusFault(response.statusCode, what, response.headers);
      }
      url = redirectTarget(url, text(response.headers['location']));
    }
    throw new DomainError('unavailable', `The hub redirects ${what} in circles.`, { internal: url.href });
  }

  private async send(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { token, dispatcher } = this.options;
    const own = token !== undefined && url.origin === this.origin ? { authorization: `Bearer ${token}` } : {};
    return request(url, {
      // Bytes as they are stored: the range and the digest count those.
      headers: { 'user-agent': 'clip-as-service', 'accept-encoding': 'identity', ...headers, ...own },
      dispatcher,
      signal: signal ?? null,
    }).catch((cause: unknown) => {
      throw new PassingFault('the hub could not be reached', { cause });
    });
  }
}

/** Plain HTTP after HTTPS would let anyone on the way read along. */
function redirectTarget(from: URL, location: string): URL {
  if (!URL.canParse(location, from)) {
    throw new DomainError('unavailable', 'The hub redirects to nowhere.', { internal: `${from.href} → ${location}` });
  }
  const target = new URL(location, from);
  const isSafe = target.protocol === 'https:' || (target.protocol === 'http:' && from.protocol === 'http:');
  if (isSafe) return target;
  throw new DomainError('unavailable', 'The hub redirects to an address without TLS.', { internal: target.href });
}

function startOf(response: Dispatcher.ResponseData): number {
  if (response.statusCode === 200) return 0;
  const start = /^bytes (\d+)-/.exec(text(response.headers['content-range']))?.[1];
  return start === undefined ? 0 : Number(start);
}

async function textAtMost(body: AsyncIterable<unknown>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > bytesMax) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new PassingFault('the connection to the hub was cut', { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
