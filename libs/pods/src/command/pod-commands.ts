import { randomUUID } from 'node:crypto';
import { IsNull } from 'typeorm';
import { z } from 'zod';
import { appendAudit, type Actor } from '#audit';
import { type Clock, DomainError, isErrorCode, parseJson, sleep } from '#core';
import { type Database, PodCommandEntity } from '#database';
import type { PodDirectory } from '../directory/pod-directory.js';
import { ARGUMENTS_CHARS_MAX, ASK_MS_MAX, BEGIN_MS_MAX, type CommandKind } from './command-kind.js';

const POLL_MS = 100;
/** Commands that may wait for one pod. */
const WAITING_MAX = 50;
const ASKER_ID_CHARS_MAX = 200;
const ASKER_NAME_CHARS_MAX = 400;

/** What came of a command within five seconds. */
export type Asked<Answer> = { readonly state: 'done'; readonly answer: Answer } | { readonly state: 'running' };

export interface PodCommandsParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: PodDirectory;
}

/**
 * Asks pods to do something. A command goes by the database, since the admin API may run anywhere and need not reach
 * the pods; a pod takes it within half a second.
 *
 * @example const { state } = await commands.ask(actor, 'pod-1', drainReplica, { replica: 'ViT-B-32::openai/0' });
 */
export class PodCommands {
  constructor(private readonly parts: PodCommandsParts) {}

  /**
   * Asks one pod, with an event in the audit trail where it changes something, and waits at most five seconds.
   * `running` = the pod has begun and is not done yet: its report tells how it goes on. A command that a pod did not
   * begin in that time is taken back, and never done.
   *
   * @throws DomainError `not_found` for no such pod, `unavailable` (with the reason) for one that does not answer, and
   * what the pod itself threw
   */
  async ask<Arguments extends z.ZodType, Answer extends z.ZodType>(
    actor: Actor,
    podName: string,
    kind: CommandKind<Arguments, Answer>,
    given: z.input<Arguments>,
  ): Promise<Asked<z.output<Answer>>> {
    const pod = await this.parts.directory.get(podName);
    if (!pod.answers) throw silent(podName, pod.reason);
    const id = await this.write(actor, podName, kind, kind.arguments.parse(given));
    const ended = await this.waitFor(id);
    if (ended) return { state: 'done', answer: answerOf(kind, ended) };
    if (await this.takeBack(id)) throw notBegun(podName);
    const late = await this.find(id);
    return late?.endedAtMs == null ? { state: 'running' } : { state: 'done', answer: answerOf(kind, late) };
  }

  private async write<Arguments extends z.ZodType, Answer extends z.ZodType>(
    actor: Actor,
    pod: string,
    { kind, target }: CommandKind<Arguments, Answer>,
    given: z.output<Arguments>,
  ): Promise<string> {
    const text = JSON.stringify(given);
    if (text.length > ARGUMENTS_CHARS_MAX) {
      throw new DomainError('invalid_argument', `A command may have ${ARGUMENTS_CHARS_MAX} characters of arguments.`);
    }
    const id = randomUUID();
    const askedAtMs = this.parts.clock.wallMs();
    await this.parts.database.transaction(async (manager) => {
      const waiting = await manager.countBy(PodCommandEntity, { pod, takenAtMs: IsNull() });
      if (waiting >= WAITING_MAX) throw tooMany(pod, waiting);
      const askedBy = {
        askedById: actor.id.slice(0, ASKER_ID_CHARS_MAX),
        askedByName: actor.name.slice(0, ASKER_NAME_CHARS_MAX),
      };
      const notBegunYet = { takenAtMs: null, endedAtMs: null, outcome: null, answer: null };
      await manager.insert(PodCommandEntity, { id, pod, kind, arguments: text, ...askedBy, askedAtMs, ...notBegunYet });
      if (!target) return;
      const change = { actor, action: kind, target: target(given, pod), after: { pod, arguments: given } };
      await appendAudit(manager, change, askedAtMs);
    });
    return id;
  }

  /** Undefined when it has not ended in time. */
  private async waitFor(id: string): Promise<PodCommandEntity | undefined> {
    const { clock } = this.parts;
    for (const untilMs = clock.now() + ASK_MS_MAX; clock.now() < untilMs;) {
      await sleep(clock, POLL_MS);
      const command = await this.find(id);
      if (command?.endedAtMs != null) return command;
    }
    return undefined;
  }

  private async find(id: string): Promise<PodCommandEntity | null> {
    return this.parts.database.read((manager) => manager.findOneBy(PodCommandEntity, { id }));
  }

  /** Whether nobody had begun it; nobody will now. */
  private async takeBack(id: string): Promise<boolean> {
    const nowMs = this.parts.clock.wallMs();
    const givenUp = { takenAtMs: nowMs, endedAtMs: nowMs, outcome: 'cancelled', answer: null };
    const { affected } = await this.parts.database.transaction((manager) =>
      manager.update(PodCommandEntity, { id, takenAtMs: IsNull() }, givenUp),
    );
    return affected === 1;
  }
}

/** @throws DomainError that the pod gave instead */
function answerOf<Arguments extends z.ZodType, Answer extends z.ZodType>(
  { answer: form, kind }: CommandKind<Arguments, Answer>,
  { outcome, answer }: PodCommandEntity,
): z.output<Answer> {
  const told = parseJson(answer ?? 'null');
  if (outcome === 'ok') return form.parse(told);
  const { message, retryAfterMs } = storedFailure.parse(told ?? {});
  const code = isErrorCode(outcome) ? outcome : 'internal';
  throw new DomainError(code, message ?? `The pod could not do ${kind}. Its log has the reason.`, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const storedFailure = z.object({ message: z.string().optional(), retryAfterMs: z.number().optional() });

function silent(pod: string, reason: string | null): DomainError {
  return new DomainError('unavailable', `The pod ${pod} does not answer. ${reason ?? ''}`.trim());
}

function notBegun(pod: string): DomainError {
  const text = `The pod ${pod} did not take the command within ${ASK_MS_MAX / 1000} s, and will not do it any more. It may hang or be cut off from the database. Try again in a moment.`;
  return new DomainError('unavailable', text, { retryAfterMs: BEGIN_MS_MAX });
}

function tooMany(pod: string, waiting: number): DomainError {
  return new DomainError('unavailable', `${waiting} commands wait for the pod ${pod} already. Try again in a moment.`, {
    retryAfterMs: ASK_MS_MAX,
  });
}
