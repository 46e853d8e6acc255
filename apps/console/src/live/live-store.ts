import type { QueryClient } from '@tanstack/react-query';
import { sessionLost } from '../session/session-store.js';

/** How often everything is read anew while no event can come. */
const POLL_MS = 5_000;

/**
 * `live`: events come; `polling`: none come, so all is read now and then; `held`: the pointer is on something; `away`:
 * the server does not answer at all.
 */
export type LiveState = 'live' | 'polling' | 'held' | 'away';

/**
 * Keeps what is shown up to date. The server says by server-sent events which topics changed, and the queries of
 * these topics are read anew; where no events come (a proxy that holds them back), all are read every five seconds.
 * While the pointer is on something that must not move (`hold`), changes wait.
 */
export class LiveUpdates {
  private source: EventSource | undefined;
  private holds = 0;
  private isOpen = false;
  private isAway = false;
  private readonly waiting = new Set<string>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly queries: QueryClient) {}

  /** Begins to listen; the returned function ends it. */
  start(): () => void {
    this.connect();
    const poll = setInterval(() => void this.poll(), POLL_MS);
    return () => {
      clearInterval(poll);
      this.source?.close();
    };
  }

  /** Lets changes wait until the returned function is called: the pointer is on a row. */
  hold(): () => void {
    this.holds += 1;
    this.tell();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.holds -= 1;
      if (this.holds === 0) this.flush();
      this.tell();
    };
  }

  get state(): LiveState {
    if (this.isAway) return 'away';
    if (this.holds > 0) return 'held';
    return this.isOpen ? 'live' : 'polling';
  }

  /** How many topics have changed while changes wait. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private connect(): void {
    const source = new EventSource('/api/events');
    this.source = source;
    source.addEventListener('open', () => this.opened(true));
    source.addEventListener('error', () => this.opened(false));
    source.addEventListener('changed', (event: MessageEvent<string>) => this.changed(topicsIn(event.data)));
    source.addEventListener('ended', () => void this.ended(source));
  }

  /**
   * The session that the stream belonged to is over. Somebody who has logged in again meanwhile has another one, and
   * need not be asked.
   */
  private async ended(source: EventSource): Promise<void> {
    source.close();
    this.opened(false);
    const { status } = await fetch('/api/session').catch(() => ({ status: 0 }));
    if (status === 401) await sessionLost();
    if (this.source === source) this.connect();
  }

  private async poll(): Promise<void> {
    if (this.isOpen || document.visibilityState !== 'visible') return;
    const wasAway = this.isAway;
    this.isAway = !(await answers());
    if (!this.isAway) {
      // Of itself a browser opens a stream again that broke, but not one that was refused.
      if (this.source?.readyState === EventSource.CLOSED) this.connect();
      this.changed(this.topicsShown());
    }
    if (wasAway !== this.isAway) this.tell();
  }

  private opened(isOpen: boolean): void {
    // What changed while nothing was heard is not known.
    if (isOpen && !this.isOpen) this.changed(this.topicsShown());
    this.isOpen = isOpen;
    if (isOpen) this.isAway = false;
    this.tell();
  }

  private changed(topics: readonly string[]): void {
    for (const topic of topics) this.waiting.add(topic);
    if (this.holds === 0) this.flush();
    this.tell();
  }

  private flush(): void {
    for (const topic of this.waiting) void this.queries.invalidateQueries({ queryKey: [topic] });
    this.waiting.clear();
  }

  private topicsShown(): string[] {
    const topics = this.queries
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => String(queryKey[0]));
    return [...new Set(topics)].filter((topic) => topic !== 'session');
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Whether the server answers anything at all. */
async function answers(): Promise<boolean> {
  return fetch('/api/setup').then(
    () => true,
    () => false,
  );
}

function topicsIn(data: string): string[] {
  const parsed: unknown = JSON.parse(data);
  if (typeof parsed !== 'object' || parsed === null || !('topics' in parsed) || !Array.isArray(parsed.topics))
    return [];
  return parsed.topics.filter((topic) => typeof topic === 'string');
}
