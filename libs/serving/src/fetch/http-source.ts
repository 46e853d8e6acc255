import type { Clock } from '#core';
import { Agent, request, type Dispatcher } from 'undici';
import { mayUsePort, type AddressPolicy } from './address-policy.js';
import { FetchDeadline } from './fetch-deadline.js';
import { fetchFailed, fetchRefused, shownHost, toFetchError } from './fetch-error.js';
import { FetchSlots } from './fetch-slots.js';
import { guardedConnector } from './guarded-connector.js';
import type { FetchNotes } from './fetch-notes.js';
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
/** Far more than an honest host sends (103 once, 102 now and then); a flood of them would keep the server parsing. */
const interimAnswersMax = 32;
/** Presigned addresses have some 2,000 characters, and few web servers take more than 16,000. */
const uriCharsMax = 32 * 1024;

/** Milliseconds that an idle connection is kept, whatever its host wishes. */
const keptOpenMs = 1_000;

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
    this.slots = new FetchSlots({
      totalMax: concurrencyMax,
      reserveMax: Math.ceil(concurrencyMax / 4),
      perHostMax: concurrencyPerHostMax,
    });
    this.agent = new Agent({
      connect: guardedConnector(options),
      connections: concurrencyPerHostMax,
      pipelining: 1,
      maxHeaderSize: headerBytesMax,
      // Enough for the next image of a list; an idle connection per host that was ever named would use up the sockets.
      keepAliveTimeout: keptOpenMs,
      keepAliveMaxTimeout: keptOpenMs,
      // The fetch's own deadline covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * The image at `uri`, in `principalId`'s turn; `notes` takes in what is done for it. Ends with the first of
   * `endings`; rejects with a DomainError only.
   */
  async read(
    uri: string,
    principalId: string,
    notes: FetchNotes,
    endings: readonly AbortSignal[],
  ): Promise<Uint8Array> {
    let url = checkedUrl(uri);
    const deadline = new FetchDeadline(this.options.clock, this.options.timeoutMs, endings);
    try {
      for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
        const turn = { principalId, host: url.hostname };
        notes.waitsFor(url);
        const answer = await this.slots.run(turn, deadline.signal, () => this.visit(url, notes, deadline));
        if (!(answer instanceof URL)) return answer;
        url = answer;
      }
      throw fetchFailed(
        'redirect',
        `The image's URL is redirected more than ${redirectsMax} times, last by ${shownHost(url.hostname)}. Send the URL that it leads to.`,
      );
    } catch (thrown) {
      throw toFetchError(
        deadline.signal.aborted ? deadline.signal.reason : thrown,
        'connection',
        notFetched(url.hostname),
      );
    } finally {
      deadline.release();
    }
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  /** The body of one answer, or where it redirects to. */
  private async visit(url: URL, notes: FetchNotes, deadline: FetchDeadline): Promise<Uint8Array | URL> {
    notes.hasTurn();
    const host = shownHost(url.hostname);
    deadline.start(host);
    const { signal } = deadline;
    const asked = request(url, {
      dispatcher: this.agent,
      method: 'GET',
      headers: requestHeaders,
      signal,
      onInfo: interimLimit(host),
    });
    const answer = await deadline.race(asked);
    notes.status = answer.statusCode;
    try {
      if (redirectStatuses.has(answer.statusCode)) return redirectTarget(answer, url);
      if (answer.statusCode === 200)
        return await readBody(answer.body, answer.headers, { host, bytesMax: this.options.bytesMax });
      throw fetchFailed(
        'status',
        `${host} answered with HTTP status ${answer.statusCode} instead of the image. Check its URL.`,
      );
    } finally {
      drop(answer.body);
    }
  }
}

/** Ends the request that it is given to, by throwing, when too many 1xx answers come. */
function interimLimit(host: string): () => void {
  let answers = 0;
  return () => {
    answers += 1;
    if (answers > interimAnswersMax)
      throw fetchFailed('protocol', `${host} sends no final answer. Send the image itself.`);
  };
}

/**
 * Throws `fetch_refused` for what is not http(s), carries a user name or password, names a port that holds no images,
 * or leads from https (`base`) to http: who asks for https wants nobody on the way to choose the image.
 */
function checkedUrl(uri: string | URL, base?: URL): URL {
  if (String(uri).length > uriCharsMax)
    throw fetchRefused('malformed', `The image's URL is longer than ${uriCharsMax} characters. Send a shorter one.`);
  if (!URL.canParse(String(uri), base))
    throw fetchRefused('malformed', `The image's URL is not valid${sentBy(base)}. Check how it is written.`);
  const url = new URL(uri, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw fetchRefused(
      'scheme',
      `The image's URL leads to ${url.protocol.slice(0, 20)}${sentBy(base)}; only http and https are fetched.`,
    );
  }
  if (base?.protocol === 'https:' && url.protocol === 'http:') {
    throw fetchRefused(
      'downgrade',
      `${shownHost(base.hostname)} redirects from https to http. Send the URL that it leads to.`,
    );
  }
  if (!mayUsePort(url)) {
    throw fetchRefused(
      'port',
      `The image's URL has port ${url.port} of ${shownHost(url.hostname)}, which belongs to another service than the web. ` +
        'Send a URL with a port for http or https.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw fetchRefused(
      'credentials',
      `The image's URL has a user name or password for ${shownHost(url.hostname)}. Send a URL without them, or the image itself.`,
    );
  }
  return url;
}

/** Says who redirected, where it was not the caller who wrote the URL. */
function sentBy(base: URL | undefined): string {
  return base === undefined ? '' : `, as ${shownHost(base.hostname)} redirects it`;
}

function notFetched(host: string): string {
  return `The image could not be fetched from ${shownHost(host)}. Check its URL and try again, or send the image itself.`;
}

function redirectTarget(answer: Dispatcher.ResponseData, from: URL): URL {
  const { location } = answer.headers;
  if (typeof location !== 'string')
    throw fetchFailed('redirect', `${shownHost(from.hostname)} answered with a redirect that has no address.`);
  return checkedUrl(location, from);
}

/** Ends a body that was not read to its end, with its connection; a body that was keeps its connection open. */
function drop(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}
