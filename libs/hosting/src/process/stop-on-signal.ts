import { keepProcessAlive, withDeadline, type Clock } from '#core';
import type { Log } from '#telemetry';

/** One Ctrl-C comes twice within milliseconds: from the terminal, and from npm, which passes its own on. */
const SAME_SIGNAL_MS = 1_000;
/** Requests that the end of the grace time cut off get this long to be counted. */
const CUT_MS = 1_000;
const SAVE_MS = 2_000;

export interface Stoppable {
  /** How long what is in flight may take to finish, in milliseconds. */
  readonly graceMs: number;
  /** Says "not ready" everywhere; runs before anything is taken down. */
  readonly beforeStop: () => void;
  /** Answers what is in flight and takes down what serves. */
  readonly finish: () => Promise<void>;
  /** Writes what is only in memory; runs after `finish`, however that went. */
  readonly save: () => Promise<void>;
}

/** What StopOnSignal works with. */
export interface StopParts {
  readonly log: Log;
  readonly clock: Clock;
  readonly exit: (code: number) => void;
}

/**
 * Ends the process on SIGTERM and SIGINT. Before `finishFirst` there is nothing to finish, and the process exits with 0
 * at once. (As process 1 of a container, Node would not even end without a handler.) After it, the process says "not
 * ready", finishes what is in flight within the grace time, saves, and exits with 0. A signal that comes a second or
 * more after the first one ends it at once with 1.
 */
export class StopOnSignal {
  private running: Stoppable | undefined;
  private sinceMs: number | undefined;

  constructor(private readonly parts: StopParts) {}

  /** Handles the signals of this process from now on. */
  listen(): void {
    process.on('SIGTERM', (signal) => this.onSignal(signal));
    process.on('SIGINT', (signal) => this.onSignal(signal));
  }

  /** From now on a signal takes `running` down, step by step, before the process ends. */
  finishFirst(running: Stoppable): void {
    this.running = running;
  }

  onSignal(signal: NodeJS.Signals): void {
    const { log, clock, exit } = this.parts;
    const nowMs = clock.now();
    if (this.sinceMs !== undefined) {
      if (nowMs - this.sinceMs >= SAME_SIGNAL_MS) exit(1);
      return;
    }
    this.sinceMs = nowMs;
    log.info({ signal }, 'stopping');
    if (this.running) void this.stop(this.running);
    else exit(0);
  }

  private async stop(running: Stoppable): Promise<void> {
    const release = keepProcessAlive();
    running.beforeStop();
    const isFinished = await this.finish(running);
    const isSaved = await this.attempt(running.save, SAVE_MS);
    if (isSaved === 'late') this.parts.log.warn('stopped before everything was written to the database');
    if (isFinished && isSaved === 'done') this.parts.log.info('stopped');
    release();
    this.parts.exit(isFinished && isSaved !== 'failed' ? 0 : 1);
  }

  /** False when it failed. */
  private async finish({ finish, graceMs }: Stoppable): Promise<boolean> {
    const finishing = finish();
    const outcome = await this.attempt(() => finishing, graceMs);
    if (outcome !== 'late') return outcome === 'done';
    this.parts.log.warn({ graceMs }, 'stopped before everything in flight was finished');
    return (await this.attempt(() => finishing, CUT_MS)) !== 'failed';
  }

  private async attempt(work: () => Promise<void>, msMax: number): Promise<Outcome> {
    const done = work().then(
      () => 'done' as const,
      (err: unknown) => {
        this.parts.log.error({ err }, 'stopping failed');
        return 'failed' as const;
      },
    );
    return withDeadline(this.parts.clock, msMax, done, () => 'late');
  }
}

type Outcome = 'done' | 'failed' | 'late';
