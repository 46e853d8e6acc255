import type { Clock } from '#core';
import { Agent, request, type Dispatcher } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { FetchDeadline } from './fetch-deadline.js';
import { fetchFailed, fetchRefused, toFetchError } from './fetch-error.js';
import { FetchSlots } from './fetch-slots.js';
import { guardedConnector } from './guarded-connector.js';
import type { HostResolver } from './host-resolver.js';
import { mayUsePort } from './port-policy.js';
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

  /** The image at `uri`, in `principalId`'s turn. Ends with the first of `endings`; rejects with a DomainError only. */
  async read(uri: string, principalId: string, endings: readonly AbortSignal[]): Promise<Uint8Array> {
    let url = checkedUrl(uri);
    const deadline = new FetchDeadline(this.options.clock, this.options.timeoutMs, endings);
    try {
      for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
        const turn = { principalId, host: url.hostname };
        const answer = await this.slots.run(turn, deadline.signal, () => this.visit(url, deadline));
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
    const asked = request(url, {
      dispatcher: this.agent,
      method: 'GET',
      headers: requestHeaders,
      signal,
      onInfo: interimLimit(),
    });
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

/** Ends the request that it is given to, by throwing, when too many 1xx answers come. */
function interimLimit(): () => void {
  let answers = 0;
  return () => {
    answers += 1;
    if (answers > interimAnswersMax) throw fetchFailed('The host of the image sends no final answer.');
  };
}

/**
 * Throws `fetch_refused` for what is not http(s), carries a user name or password, names a port that holds no images, or
 * leads from https (`base`) to http: who asks for https wants nobody on the way to choose the image.
 */
function checkedUrl(uri: string | URL, base?: URL): URL {
  if (String(uri).length > uriCharsMax)
    throw fetchRefused(`The uri of the image is longer than ${uriCharsMax} characters.`);
  if (!URL.canParse(String(uri), base)) throw fetchRefused('The uri of the image is not a valid address.');
  const url = new URL(uri, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw fetchRefused('The uri of the image leads to something else than http or https.');
  }
  if (base?.protocol === 'https:' && url.protocol === 'http:') {
    throw fetchRefused('The https uri of the image redirects to http. Send the address it leads to.');
  }
  if (!mayUsePort(url)) throw fetchRefused('The uri of the image names a port that no images come from.');
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
