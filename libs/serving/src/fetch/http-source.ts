import type { Clock } from '#core';
import { Agent, request, type Dispatcher } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { FetchDeadline } from './fetch-deadline.js';
import { fetchFailed, fetchRefused, toFetchError } from './fetch-error.js';
import { FetchSlots } from './fetch-slots.js';
import { guardedConnector } from './guarded-connector.js';
import type { HostResolver } from './host-resolver.js';
import { readBody } from './response-body.js';

export interface HttpSourceOptions {
  readonly mayConnect: AddressPolicy;
  readonly resolveHost: HostResolver;
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly concurrencyMax: number;
  readonly concurrencyPerHostMax: number;
  readonly clock: Clock;
}

/** As the Fetch standard's redirect statuses. */
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const redirectsMax = 5;
const headerBytesMax = 16 * 1024;

/** Nothing of the caller's travels: no cookie, credential or referrer. */
const requestHeaders = { accept: 'image/*, */*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'clip-as-service' };

/**
 * Images by `http:` and `https:`. Redirects are followed by hand, five at most, each target judged like the first
 * address. The connections of a host are its own and bounded.
 */
export class HttpSource {
  private readonly agent: Agent;
  private readonly slots: FetchSlots;

  constructor(private readonly options: HttpSourceOptions) {
    const { concurrencyMax, concurrencyPerHostMax } = options;
    this.slots = new FetchSlots({ totalMax: concurrencyMax, perHostMax: concurrencyPerHostMax });
    this.agent = new Agent({
      connect: guardedConnector(options),
      connections: concurrencyPerHostMax,
      pipelining: 1,
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 10_000,
      // The fetch's own deadline covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** The image at `uri`. Ends with the first of `endings`; rejects with a DomainError only. */
  async read(uri: string, endings: readonly AbortSignal[]): Promise<Uint8Array> {
    let url = checkedUrl(uri);
    const deadline = new FetchDeadline(this.options.clock, this.options.timeoutMs, endings);
    try {
      for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
        const answer = await this.slots.run(url.hostname, deadline.signal, () => this.visit(url, deadline));
        if (!(answer instanceof URL)) return answer;
        url = answer;
      }
      throw fetchFailed(`The image's uri redirects more than ${redirectsMax} times. Send where it leads.`);
    } catch (thrown) {
      throw toFetchError(deadline.signal.aborted ? deadline.signal.reason : thrown);
    } finally {
      deadline.release();
    }
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  /** The body of one answer, or where it redirects to. */
  private async visit(url: URL, deadline: FetchDeadline): Promise<Uint8Array | URL> {
    deadline.start();
    const { signal } = deadline;
    const asked = request(url, { dispatcher: this.agent, method: 'GET', headers: requestHeaders, signal });
    const answer = await deadline.race(asked);
    try {
      if (redirectStatuses.has(answer.statusCode)) return redirectTarget(answer, url);
      if (answer.statusCode === 200) return await readBody(answer.body, answer.headers, this.options.bytesMax);
      throw fetchFailed(`The host of the image answered with HTTP status ${answer.statusCode} instead of the image.`);
    } finally {
      drop(answer.body);
    }
  }
}

/** Throws `fetch_refused` for what is not http(s) or carries a user name or password. */
function checkedUrl(uri: string | URL, base?: URL): URL {
  if (!URL.canParse(String(uri), base)) throw fetchRefused('The uri of the image is not a valid address.');
  const url = new URL(uri, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw fetchRefused('The uri of the image leads to something else than http or https.');
  }
  if (url.username !== '' || url.password !== '') {
    throw fetchRefused('The uri of the image holds a user name or password. Send an address that needs none.');
  }
  return url;
}

function redirectTarget(answer: Dispatcher.ResponseData, from: URL): URL {
  const { location } = answer.headers;
  if (typeof location !== 'string') throw fetchFailed('The host of the image redirects to nowhere.');
  return checkedUrl(location, from);
}

/** Ends a body that was not read to its end, with its connection; a body that was keeps its connection open. */
function drop(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}
