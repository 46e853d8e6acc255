import type { Clock, DomainError, ErrorCode, SpanAttributes, SpanPart } from '#core';
import { FetchError, shownHost, type FetchReason } from './fetch-error.js';

/** Where a picture is fetched from; `other` is a scheme that is refused. */
export type FetchScheme = 'http' | 'https' | 'file' | 'other';

/** A fetch that has ended; times in milliseconds. Every field that is no number is one of few words. */
export interface FetchEvent {
  readonly scheme: FetchScheme;
  readonly outcome: 'ok' | 'failed' | 'refused' | 'timeout';
  /** Why it was refused or failed, in a word; left out where the error's code says all: a picture that is too large. */
  readonly reason?: FetchReason;
  /** From when it was asked for, the wait for its turns included. */
  readonly durationMs: number;
  /** The part of it that it waited for its turns on the network. */
  readonly waitMs: number;
}

/** Is notified of every fetch that ends, but for those whose caller went away and those that a shutdown cut. */
export interface FetchObserver {
  onFetch(event: FetchEvent): void;
}

/** A wait that is shorter is no wait: a free turn is taken at once. */
const WAIT_MS_SHOWN = 1;

/** What is noted of one fetch while it goes on. It names hosts, and never a path, a query or who is logged in. */
export class FetchNotes {
  /** Of the last answer. */
  status: number | undefined;
  private host: string | undefined;
  private visits = 0;
  private waitMs = 0;
  private waitsSinceMs: number | undefined;
  private readonly startMs: number;

  constructor(
    private scheme: FetchScheme,
    private readonly clock: Clock,
  ) {
    this.startMs = clock.now();
  }

  /** Takes in that the fetch goes to `url`, the first address or one that it is redirected to, when it has its turn. */
  waitsFor(url: URL): void {
    this.host = shownHost(url.hostname);
    this.scheme = url.protocol === 'https:' ? 'https' : 'http';
    this.visits += 1;
    this.waitsSinceMs = this.clock.now();
  }

  /** Takes in that it has its turn on the network. */
  hasTurn(): void {
    if (this.waitsSinceMs === undefined) return;
    this.waitMs += this.clock.now() - this.waitsSinceMs;
    this.waitsSinceMs = undefined;
  }

  /** Says how it ended: as an event, undefined where nobody counts it, and as a part of its request. */
  end(ending: { readonly bytes: number } | { readonly error: DomainError }): {
    event: FetchEvent | undefined;
    part: SpanPart;
  } {
    this.hasTurn();
    const endMs = this.clock.now();
    const error = 'error' in ending ? ending.error : undefined;
    const reason = error instanceof FetchError ? error.reason : undefined;
    const outcome = outcomeOf(error?.code, reason);
    const { scheme, startMs, waitMs } = this;
    return {
      event: outcome && { scheme, outcome, durationMs: endMs - startMs, waitMs, ...(reason && { reason }) },
      part: {
        ...{ name: 'fetch', kind: scheme === 'file' || scheme === 'other' ? 'internal' : 'client', startMs, endMs },
        attributes: {
          ...this.attributes(),
          ...('bytes' in ending && { 'clip.fetch.bytes': ending.bytes }),
          ...(reason && { 'clip.fetch.reason': reason }),
        },
        ...(error && { error: error.code }),
      },
    };
  }

  private attributes(): SpanAttributes {
    return {
      ...(this.scheme !== 'other' && { 'url.scheme': this.scheme }),
      ...(this.host !== undefined && { 'server.address': this.host }),
      ...(this.status !== undefined && { 'http.response.status_code': this.status }),
      ...(this.visits > 0 && { 'clip.fetch.redirects': this.visits - 1 }),
      ...(this.waitMs >= WAIT_MS_SHOWN && { 'clip.fetch.wait_ms': this.waitMs }),
    };
  }
}

function outcomeOf(code: ErrorCode | undefined, reason: FetchReason | undefined): FetchEvent['outcome'] | undefined {
  if (code === undefined) return 'ok';
  if (code === 'cancelled' || code === 'shutting_down') return undefined;
  if (code === 'fetch_refused') return 'refused';
  return reason === 'timeout' || code === 'deadline_exceeded' ? 'timeout' : 'failed';
}
