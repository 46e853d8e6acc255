import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { type Clock, DomainError, every, nextFlight, parseJson, sleep, type Repetition } from '#core';
import { type Database, PodCommandEntity } from '#database';
import { ANSWER_CHARS_MAX, BEGIN_MS_MAX, COMMAND_KEPT_MS, type CommandKind } from './command-kind.js';

const POLL_MS = 500;
/** Commands that are begun at a time; the others wait for the next poll. */
const AT_ONCE_MAX = 10;
const FORGET_EVERY_MS = 60_000;
/** How often, and how far apart, an outcome is written where the database does not take it. */
const WRITES_MAX = 30;
const BETWEEN_WRITES_MS = 1_000;

/** Who asked. */
export interface CommandAsker {
  readonly id: string;
  readonly name: string;
}

export interface CommandFollowerParts {
  readonly database: Database;
  readonly clock: Clock;
  /** The pod that this process is now. */
  readonly pod: () => string;
  /** Hears of a command that failed in a way that nobody foresaw. */
  readonly onFailure: (error: DomainError, kind: string) => void;
}

type Run = (given: unknown, asker: CommandAsker) => Promise<unknown>;

/**
 * Does what this pod is asked to do, within half a second. Each command is begun once, whatever happens to the database
 * meanwhile, and never after the asker has given up.
 */
export class CommandFollower {
  private readonly handlers = new Map<string, Run>();
  private readonly stopping = new AbortController();
  private running = 0;
  private forgotAtMs = -Infinity;
  /** Looks for commands at once. */
  readonly poll = nextFlight(() => this.takeAll());
  private polls: Repetition | undefined;

  constructor(private readonly parts: CommandFollowerParts) {}

  /**
   * Says what does commands of a kind. What `run` throws is told to the asker as the DomainError that it is. Something
   * that takes minutes should begin it, resolve, and tell how far it is in the pod's report.
   */
  handle<Arguments extends z.ZodType, Answer extends z.ZodType>(
    kind: CommandKind<Arguments, Answer>,
    run: (given: z.output<Arguments>, asker: CommandAsker) => Promise<z.input<Answer>>,
  ): void {
    this.handlers.set(kind.kind, (given, asker) => run(kind.arguments.parse(given), asker));
  }

  start(): void {
    this.polls ??= every(this.parts.clock, POLL_MS, () => this.poll());
  }

  /** Begins nothing more; what is under way goes on by itself. */
  async stop(): Promise<void> {
    this.stopping.abort(new DomainError('shutting_down', 'The pod is shutting down.'));
    await this.polls?.stop();
  }

  private async takeAll(): Promise<void> {
    const { database, clock, pod } = this.parts;
    if (this.running >= AT_ONCE_MAX) return;
    const nowMs = clock.wallMs();
    const asked = { pod: pod(), takenAtMs: IsNull(), askedAtMs: MoreThan(nowMs - BEGIN_MS_MAX) };
    const waiting = await database.read((manager) =>
      manager.find(PodCommandEntity, { where: asked, order: { askedAtMs: 'ASC' }, take: AT_ONCE_MAX - this.running }),
    );
    for (const command of waiting) if (await this.take(command.id)) void this.run(command);
    await this.forgetOld();
  }

  /** False when somebody else has it: the asker gave it up, or another process has this pod's name. */
  private async take(id: string): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    const takenAtMs = this.parts.clock.wallMs();
    const { affected } = await this.parts.database.transaction((manager) =>
      manager.update(PodCommandEntity, { id, takenAtMs: IsNull() }, { takenAtMs }),
    );
    return affected === 1;
  }

  private async run({ id, kind, arguments: given, askedById, askedByName }: PodCommandEntity): Promise<void> {
    this.running += 1;
    try {
      const asker = { id: askedById, name: askedByName };
      const answer = await this.handlerOf(kind)(parseJson(given), asker);
      await this.end(id, 'ok', requireShort(JSON.stringify(answer ?? null)));
    } catch (err) {
      const error = DomainError.from(err);
      if (error.code === 'internal') this.parts.onFailure(error, kind);
      const { message, retryAfterMs } = error;
      await this.end(id, error.code, JSON.stringify({ message, retryAfterMs }));
    } finally {
      this.running -= 1;
    }
  }

  private handlerOf(kind: string): Run {
    const run = this.handlers.get(kind);
    if (run) return run;
    throw new DomainError(
      'unimplemented',
      `This pod cannot do ${kind}: it is of another version, or serves no models.`,
    );
  }

  /** Never rejects: after half a minute without a database nobody waits any more. */
  private async end(id: string, outcome: string, answer: string): Promise<void> {
    const { database, clock } = this.parts;
    for (let writes = 1; writes <= WRITES_MAX && !this.stopping.signal.aborted; writes += 1) {
      try {
        const ended = { endedAtMs: clock.wallMs(), outcome, answer };
        await database.transaction((manager) => manager.update(PodCommandEntity, { id }, ended));
        return;
      } catch {
        await sleep(clock, BETWEEN_WRITES_MS, this.stopping.signal).catch(() => undefined);
      }
    }
  }

  private async forgetOld(): Promise<void> {
    const { database, clock } = this.parts;
    if (clock.now() - this.forgotAtMs < FORGET_EVERY_MS) return;
    this.forgotAtMs = clock.now();
    const old = { askedAtMs: LessThan(clock.wallMs() - COMMAND_KEPT_MS) };
    await database.transaction((manager) => manager.delete(PodCommandEntity, old));
  }
}

function requireShort(answer: string): string {
  if (answer.length <= ANSWER_CHARS_MAX) return answer;
  throw new Error(`An answer of ${answer.length} characters is longer than ${ANSWER_CHARS_MAX}.`);
}
