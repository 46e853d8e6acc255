import { DomainError, type EncodeItem, type Tower } from '#core';
import type { OpenLink, ReplicaLink, ReplicaLinkEvents } from '../replica/replica-link.js';
import type { ToReplica } from '../wire/messages-to-replica.js';
import { idOf, SCRIPTED_INFO } from './builders.js';

/** One run of a replica that a test plays by hand. */
export class HandLink implements ReplicaLink {
  /** Of no real process; a test that polls processes gives it one. */
  pid: number | undefined;
  readonly exited: Promise<void>;
  /** Batches that came and are not answered, oldest first. */
  readonly batches: { id: number; items: readonly EncodeItem[] }[] = [];
  pings = 0;
  isOver = false;
  private readonly exit = Promise.withResolvers<void>();

  constructor(
    readonly replica: string,
    private readonly events: ReplicaLinkEvents,
  ) {
    this.exited = this.exit.promise;
  }

  /** The ids of the items of the oldest batch. */
  get ids(): number[] {
    return this.batches[0]?.items.map(idOf) ?? [];
  }

  send(message: ToReplica): void {
    if (message.type === 'batch') this.batches.push(message);
    if (message.type === 'ping') this.pings += 1;
    if (message.type === 'close') this.die('exited with code 0');
  }

  kill(): void {
    this.isOver = true;
    this.exit.resolve();
  }

  /** Loads and pulls as the real one does. */
  ready(name = SCRIPTED_INFO.name, itemMs?: Readonly<Record<Tower, number>>): this {
    this.events.message({ type: 'ready', info: { ...SCRIPTED_INFO, name }, ...(itemMs ? { itemMs } : {}) });
    this.pull();
    this.pull();
    return this;
  }

  pull(): void {
    this.events.message({ type: 'pull' });
  }

  pong(): void {
    this.events.message({ type: 'pong' });
  }

  loadFailed(error: Extract<Parameters<ReplicaLinkEvents['message']>[0], { type: 'load_failed' }>['error']): void {
    this.events.message({ type: 'load_failed', error });
  }

  /**
   * Answers the oldest batch with vectors of the items' ids, a token a character of texts and two more, after a run of
   * so many milliseconds, and pulls.
   */
  answer(runMs = 10): number[] {
    const ids = this.answerBeside(runMs);
    if (!this.isOver) this.pull();
    return ids;
  }

  /** As `answer`, without the pull: a costly batch came without one. */
  answerBeside(runMs = 10): number[] {
    const batch = this.batches.shift();
    if (!batch) throw new Error('no batch to answer');
    const ids = batch.items.map(idOf);
    const outcomes = batch.items.map((item) => ({
      ...{ ok: true as const, embedding: Float32Array.of(idOf(item)) },
      ...(item.kind === 'text' && { tokens: item.text.length + 2 }),
    }));
    this.events.message({ type: 'result', id: batch.id, ...cost(runMs), outcomes });
    return ids;
  }

  /** Answers the oldest batch with an error for each item, and pulls. */
  fail(): void {
    const batch = this.batches.shift();
    if (!batch) throw new Error('no batch to answer');
    const error = new DomainError('image_unreadable', 'The image is broken.');
    const outcomes = batch.items.map(() => ({ ok: false as const, error }));
    this.events.message({ type: 'result', id: batch.id, ...cost(0), outcomes });
    this.pull();
  }

  die(reason = 'ended by SIGKILL'): void {
    this.isOver = true;
    this.exit.resolve();
    this.events.gone(reason);
  }
}

/** On a clock that began an hour before the pool's. */
function cost(runMs: number) {
  const [startMs, preparedMs] = [3_600_000, 3_600_001];
  const run = { startMs: preparedMs, endMs: preparedMs + runMs };
  return { prepareMs: 1, runMs, prepare: { startMs, endMs: preparedMs }, run };
}

/** Replicas that wait for the test to play them; `links` holds every run, oldest first. */
export function handLinks(): { openLink: OpenLink; links: HandLink[]; last(): HandLink } {
  const links: HandLink[] = [];
  return {
    links,
    openLink: (placement, events) => {
      const link = new HandLink(placement.replica, events);
      links.push(link);
      return link;
    },
    last: () => {
      const link = links.at(-1);
      if (!link) throw new Error('no replica was started');
      return link;
    },
  };
}
