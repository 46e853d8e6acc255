import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SessionService } from '#auth';
import { type Clock, DomainError, every, type Repetition } from '#core';
import { CLOCK } from '../services/admin-services.js';
import { permissionsOf, type SessionCaller } from '../access/caller.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { topicsFor, type Topic } from '../changes/topics.js';

/** Streams of one session, a tab of the browser each, and of all. */
const STREAMS_PER_SESSION_MAX = 20;
const STREAMS_MAX = 500;
const CHECK_SESSIONS_MS = 1_000;
/** Proxies close what is silent for a minute. */
const KEEP_ALIVE_EVERY_CHECKS = 15;
/** A reader that is so far behind does not read; its browser connects again when it does. */
const UNREAD_BYTES_MAX = 64 * 1024;
/** When a browser connects again after the stream broke off. */
const RETRY_MS = 1_000;

/** Where events are written: as much of a ServerResponse as that takes. */
export interface EventSink {
  readonly writableLength: number;
  write(text: string): unknown;
  end(): unknown;
  destroy(): unknown;
}

interface Stream {
  readonly caller: SessionCaller;
  readonly topics: ReadonlySet<Topic>;
  readonly sink: EventSink;
}

/** The streams of events that are open. Each ends with its session, all end at once when the server stops. */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Set<Stream>();
  private checks: Repetition | undefined;
  private checksDone = 0;
  private unlisten: (() => void) | undefined;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly sessions: SessionService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `rate_limited` when there are too many, before anything is written */
  requireRoom({ session }: SessionCaller): void {
    let own = 0;
    for (const { caller } of this.streams) if (caller.session.id === session.id) own += 1;
    if (own < STREAMS_PER_SESSION_MAX && this.streams.size < STREAMS_MAX) return;
    throw new DomainError('rate_limited', 'Too many pages listen for changes. Close some, or reload in a moment.', {
      retryAfterMs: 5_000,
    });
  }

  /** Writes what changes to `sink` until the function that it returns is called. */
  open(caller: SessionCaller, sink: EventSink): () => void {
    const stream = { caller, topics: topicsFor(permissionsOf(caller)), sink };
    this.streams.add(stream);
    this.unlisten ??= this.feed.listen((topics) => this.tell(topics));
    this.checks ??= every(this.clock, CHECK_SESSIONS_MS, () => this.check());
    sink.write(`retry: ${RETRY_MS}\nevent: open\ndata: ${JSON.stringify({ topics: [...stream.topics] })}\n\n`);
    return () => this.forget(stream);
  }

  /** Ends all: the server stops, and browsers look for another one. */
  onModuleDestroy(): void {
    for (const stream of this.streams) this.end(stream);
  }

  private tell(changed: readonly Topic[]): void {
    for (const stream of this.streams) {
      const topics = changed.filter((topic) => stream.topics.has(topic));
      if (topics.length > 0) this.write(stream, `event: changed\ndata: ${JSON.stringify({ topics })}\n\n`);
    }
  }

  private async check(): Promise<void> {
    this.checksDone += 1;
    const isTimeToKeepAlive = this.checksDone % KEEP_ALIVE_EVERY_CHECKS === 0;
    const ids = [...new Set([...this.streams].map(({ caller }) => caller.session.id))];
    const roles = await this.sessions.rolesOf(ids);
    for (const stream of this.streams) {
      const { role, session } = stream.caller;
      const roleNow = roles.get(session.id);
      if (!ids.includes(session.id)) continue; // it came meanwhile
      if (roleNow === undefined) this.end(stream, 'event: ended\ndata: {"reason":"session_ended"}\n\n');
      // Another role hears of other things: the browser connects again at once.
      else if (roleNow !== role) this.end(stream);
      else if (isTimeToKeepAlive) this.write(stream, ': still here\n\n');
    }
  }

  private write(stream: Stream, text: string): void {
    if (stream.sink.writableLength <= UNREAD_BYTES_MAX) return void stream.sink.write(text);
    stream.sink.destroy();
    this.forget(stream);
  }

  private end(stream: Stream, last?: string): void {
    if (last !== undefined) stream.sink.write(last);
    stream.sink.end();
    this.forget(stream);
  }

  private forget(stream: Stream): void {
    this.streams.delete(stream);
    if (this.streams.size > 0) return;
    this.unlisten?.();
    this.unlisten = undefined;
    void this.checks?.stop();
    this.checks = undefined;
  }
}
