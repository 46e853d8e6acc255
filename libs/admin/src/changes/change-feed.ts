import { type Clock, every, type Repetition } from '#core';
import { ChangeCounterEntity, PodEntity, type Database } from '#database';
import { topicOf, type Topic } from './topics.js';

const POLL_MS = 500;
/** Pods report all the time; their pages need no more than this. */
const PODS_EVERY_MS = 1_000;
/** Far more counters than there are. */
const COUNTERS_MAX = 100;

/** Hears which topics have changed. */
export type ChangeListener = (topics: readonly Topic[]) => void;

/**
 * Notices what has changed on the database, whichever process did it: by the change counters, and by the reports of the
 * pods. Two small reads every half second while anybody listens, however many there are, and none otherwise. After an
 * outage of the database everything counts as changed.
 */
export class ChangeFeed {
  private readonly listeners = new Set<ChangeListener>();
  /** Values at the last poll; undefined before the first, and after one that failed. */
  private seen: ReadonlyMap<Topic | 'pods', string> | undefined;
  private isFirst = true;
  private readonly noted = new Set<Topic>();
  private podsAtMs = -Infinity;
  private polls: Repetition | undefined;

  constructor(private readonly parts: { readonly database: Pick<Database, 'read'>; readonly clock: Clock }) {}

  /** Calls `listener` with what changes from now on, until the function that it returns is called. */
  listen(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    this.polls ??= every(this.parts.clock, POLL_MS, () => this.poll());
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    };
  }

  /** Takes in a change that only this process can know of, such as a trace that is held in its memory. */
  note(topic: Topic): void {
    if (this.listeners.size > 0) this.noted.add(topic);
  }

  /** Resolves when the poll under way has ended. */
  async settled(): Promise<void> {
    await this.polls?.settled();
  }

  private rest(): void {
    void this.polls?.stop();
    this.polls = undefined;
    this.seen = undefined;
    this.isFirst = true;
    this.noted.clear();
  }

  private async poll(): Promise<void> {
    const before = this.seen;
    try {
      this.seen = await this.read();
    } catch (error) {
      this.seen = undefined;
      throw error;
    }
    const isFirst = this.isFirst;
    this.isFirst = false;
    const now = this.seen;
    const changed = isFirst ? [] : [...now.keys()].filter((topic) => before?.get(topic) !== now.get(topic));
    for (const topic of changed) this.noted.add(topic);
    this.tell();
  }

  private tell(): void {
    const nowMs = this.parts.clock.now();
    const topics = [...this.noted].filter((topic) => topic !== 'pods' || nowMs - this.podsAtMs >= PODS_EVERY_MS);
    if (topics.length === 0) return;
    if (topics.includes('pods')) this.podsAtMs = nowMs;
    for (const topic of topics) this.noted.delete(topic);
    for (const listener of this.listeners) listener(topics);
  }

  private async read(): Promise<ReadonlyMap<Topic, string>> {
    return this.parts.database.read(async (manager) => {
      const counters = await manager.find(ChangeCounterEntity, { order: { name: 'ASC' }, take: COUNTERS_MAX });
      const reported = await manager.maximum(PodEntity, 'reportedAtMs');
      const values = new Map<Topic, string>([['pods', String(reported)]]);
      // Several counters may belong to one topic.
      for (const { name, value } of counters) {
        const topic = topicOf(name);
        if (topic) values.set(topic, `${values.get(topic) ?? ''} ${value}`);
      }
      return values;
    });
  }
}
