import { DomainError, systemClock, type Clock, type RequestTrace } from '#core';
import { anyAddress, exceptOwnAddresses, publicAddress, type AddressPolicy } from './address-policy.js';
import { decodeDataUri } from './data-uri.js';
import { fetchRefused, urlsRefused } from './fetch-error.js';
import { FetchNotes, type FetchObserver, type FetchScheme } from './fetch-notes.js';
import { FileSource } from './file-source.js';
import { dnsResolver, dnsTries, machineResolver, type HostResolver } from './host-resolver.js';
import type { HttpSource } from './http-source.js';

export interface ImageFetcherOptions {
  /**
   * Whether `http(s):` is fetched at all; default true. Without it, the fetcher never makes a connection or a look-up.
   */
  readonly urlsAllowed?: boolean;
  /** Whether `http(s):` may lead into private networks and to this machine itself. */
  readonly allowPrivate: boolean;
  /** The one folder that paths and `file:` URIs may name; unset refuses them all. */
  readonly fileRoot?: string;
  /** Most bytes of one image, as it lies in the file (compressed, not pixels). */
  readonly bytesMax: number;
  /** Milliseconds for one image by http(s), redirects included, from its first turn on the network. */
  readonly timeoutMs: number;
  /**
   * Most http(s) fetches at once, which one principal alone may have; a quarter more are kept for principals that have
   * none under way, so that none waits for the slow hosts of another.
   */
  readonly concurrencyMax: number;
  /**
   * Most http(s) fetches at once from one host, whoever asks; default a quarter of `concurrencyMax`, between 1 and 8.
   */
  readonly concurrencyPerHostMax?: number;
  /** Replaces what `allowPrivate` chooses: which addresses may be connected to. */
  readonly mayConnect?: AddressPolicy;
  /** Replaces the look-up of names. Default: DNS, and with `allowPrivate` as the machine resolves (hosts file too). */
  readonly resolveHost?: HostResolver;
  /** Default the machine's. */
  readonly clock?: Clock;
  /** Is notified of every fetch that ends; data URIs are none. */
  readonly observer?: FetchObserver;
}

/** For whom an image is fetched. */
export interface FetchCaller {
  /** Turns on the network are shared by principals, so that one with a thousand slow hosts delays only itself. */
  readonly principalId: string;
  /** Its abort ends the fetch. */
  readonly signal: AbortSignal;
  /** Gets a part `fetch` for each picture that is no data URI; left out where nothing is traced. */
  readonly trace?: RequestTrace;
}

/**
 * Turns the uri of an image into its bytes: `data:`, `http(s):`, and files where the operator allows a folder. It runs
 * in the parent, before the queue, so that a slow host holds up one image and never a replica. Safe against callers who
 * aim it at the server's own network: docs of `publicAddress` and `guardedConnector` say how.
 */
export class ImageFetcher {
  /** Made for the first URL: the HTTP client takes memory that a service without URLs does not need. */
  private http: Promise<HttpSource> | undefined;
  private readonly files: FileSource;
  private readonly closing = new AbortController();
  private readonly clock: Clock;

  constructor(private readonly options: ImageFetcherOptions) {
    this.clock = options.clock ?? systemClock;
    this.files = new FileSource(options.fileRoot, options.bytesMax);
  }

  /**
   * The bytes `uri` stands for. Rejects with `fetch_refused`, `fetch_failed`, `image_too_large`, `image_unreadable` (a
   * malformed data URI), `shutting_down`, or, when `signal` aborts, `cancelled` or `deadline_exceeded`; the connection
   * is then cut.
   */
  async resolve(uri: string, caller: FetchCaller): Promise<Uint8Array> {
    const trimmed = uri.trim();
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(trimmed.slice(0, 64))?.[1]?.toLowerCase();
    if (scheme === 'data') return decodeDataUri(trimmed, this.options.bytesMax);
    const notes = new FetchNotes(fetchSchemeOf(scheme), this.clock);
    try {
      const image = await this.read(trimmed, scheme, notes, caller);
      this.report(notes.end({ bytes: image.byteLength }), caller);
      return image;
    } catch (thrown) {
      this.report(notes.end({ error: DomainError.from(thrown) }), caller);
      throw thrown;
    }
  }

  /** Ends every fetch under way with `shutting_down` and closes the connections; `resolve` refuses from then on. */
  async close(): Promise<void> {
    this.closing.abort(new DomainError('shutting_down', 'The server is shutting down. Try again elsewhere or later.'));
    await (await this.http)?.close();
  }

  private async read(
    trimmed: string,
    scheme: string | undefined,
    notes: FetchNotes,
    { principalId, signal }: FetchCaller,
  ): Promise<Uint8Array> {
    switch (scheme) {
      case 'http':
      case 'https':
        if (this.options.urlsAllowed === false) throw urlsRefused();
        return (await this.openHttp()).read(trimmed, principalId, notes, [signal, this.closing.signal]);
      case 'file':
      case undefined:
        return this.files.read(trimmed, signal);
      default:
        throw fetchRefused(
          'scheme',
          `Images are not fetched by ${scheme.slice(0, 20)}: URLs. Send a URL that begins with http://, https:// or data:.`,
        );
    }
  }

  private openHttp(): Promise<HttpSource> {
    this.http ??= openHttpSource(this.options).catch((thrown: unknown) => {
      this.http = undefined; // the next URL tries again
      throw thrown;
    });
    return this.http;
  }

  private report({ event, part }: ReturnType<FetchNotes['end']>, { trace }: FetchCaller): void {
    trace?.add(part);
    if (event) this.options.observer?.onFetch(event);
  }
}

function fetchSchemeOf(scheme: string | undefined): FetchScheme {
  if (scheme === undefined) return 'file';
  return scheme === 'http' || scheme === 'https' || scheme === 'file' ? scheme : 'other';
}

async function openHttpSource(options: ImageFetcherOptions): Promise<HttpSource> {
  const { allowPrivate, bytesMax, timeoutMs, concurrencyMax } = options;
  const { HttpSource } = await import('./http-source.js');
  return new HttpSource({
    bytesMax,
    timeoutMs,
    concurrencyMax,
    concurrencyPerHostMax: options.concurrencyPerHostMax ?? Math.min(8, Math.max(1, Math.floor(concurrencyMax / 4))),
    mayConnect: options.mayConnect ?? (allowPrivate ? anyAddress : exceptOwnAddresses(publicAddress)),
    resolveHost: options.resolveHost ?? (allowPrivate ? machineResolver : dnsResolver(Math.ceil(timeoutMs / dnsTries))),
    clock: options.clock ?? systemClock,
  });
}
