import type { Actor } from '#audit';
import { every, LOG_LEVELS, nextFlight, Timer, type Clock, type LogLevel, type Repetition } from '#core';
import type { Log } from '../log/log.js';
import type { LogLevelChange, LogLevelStore } from './log-level-store.js';

/** How long a change of another process may go unseen. */
const POLL_MS = 2_000;

/** What this process logs. */
export interface LogLevelNow {
  readonly level: LogLevel;
  /** What its settings say, and what it goes back to. */
  readonly settings: LogLevel;
  /** When it goes back, in milliseconds since 1970; null while it logs as its settings say. */
  readonly untilMs: number | null;
}

export interface LogLevelsParts {
  readonly store: LogLevelStore;
  readonly log: Pick<Log, 'level' | 'isLevelEnabled' | 'info'>;
  readonly clock: Clock;
}

/**
 * Keeps the level of this process's log as somebody has set it for all processes, and takes it back by itself in time,
 * also where the database has gone meanwhile.
 */
export class LogLevels {
  private readonly settings: LogLevel;
  private readonly end: Timer;
  private change: LogLevelChange | undefined;
  /** The number of changes at the last poll that read them; undefined after one that failed. */
  private seen: number | undefined = 0;
  private readonly poll = nextFlight(() => this.readChange());
  private polls: Repetition | undefined;

  constructor(private readonly parts: LogLevelsParts) {
    this.settings = LOG_LEVELS.find((level) => level === parts.log.level) ?? 'info';
    this.end = new Timer(parts.clock);
  }

  /** Follows what is set from now on, until `stop`. A database that is away is asked again; others report it. */
  async start(): Promise<void> {
    await this.poll().catch(() => undefined);
    this.polls ??= every(this.parts.clock, POLL_MS, () => this.poll());
  }

  async stop(): Promise<void> {
    this.end.clear();
    await this.polls?.stop();
  }

  now(): LogLevelNow {
    const { settings, change } = this;
    return { level: change?.level ?? settings, settings, untilMs: change?.untilMs ?? null };
  }

  /** Puts `level` in force in all processes, here before the answer, elsewhere within seconds. */
  async set(actor: Actor, level: LogLevel, seconds?: number): Promise<LogLevelNow> {
    await this.parts.store.set(actor, level, seconds);
    await this.poll();
    return this.now();
  }

  /** Lets all processes log as their settings say again. */
  async reset(actor: Actor): Promise<LogLevelNow> {
    await this.parts.store.reset(actor);
    await this.poll();
    return this.now();
  }

  private async readChange(): Promise<void> {
    try {
      const changes = await this.parts.store.changes();
      if (changes === this.seen) return;
      const change = await this.parts.store.current();
      this.seen = changes;
      this.apply(change);
    } catch (error) {
      // What comes back may be a restored database, in which the same number is another change.
      this.seen = undefined;
      throw error;
    }
  }

  private apply(change: LogLevelChange | undefined): void {
    this.change = change;
    if (change) this.end.set(change.untilMs - this.parts.clock.wallMs(), () => this.apply(undefined));
    else this.end.clear();
    this.switchTo(this.now());
  }

  /** The line about it is written under the level that tells more. */
  private switchTo({ level, untilMs }: LogLevelNow): void {
    const { log } = this.parts;
    if (log.level === level) return;
    const until = untilMs === null ? {} : { until: new Date(untilMs).toISOString() };
    const tell = (): void => log.info({ logLevel: level, ...until }, 'the log level has changed');
    const isTold = log.isLevelEnabled('info');
    if (isTold) tell();
    log.level = level;
    if (!isTold) tell();
  }
}
