import type { z } from 'zod';
import type { AuditTarget } from '#audit';

/**
 * Something that a pod can be asked to do. Each kind is a file in `kinds`; the process that does it has a handler
 * (`CommandFollower.handle`), and whoever asks uses `PodCommands.ask`.
 */
export interface CommandKind<Arguments extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  /** Its name in the database, and of the event in the audit trail, such as `replica.drain`. */
  readonly kind: string;
  readonly arguments: Arguments;
  readonly answer: Answer;
  /** What it is done to, for the audit trail; left out for a question, which changes nothing and leaves no event. */
  readonly target?: (given: z.output<Arguments>, pod: string) => AuditTarget;
}

/** Describes a kind, with its types. */
export function commandKind<Arguments extends z.ZodType, Answer extends z.ZodType>(
  kind: CommandKind<Arguments, Answer>,
): CommandKind<Arguments, Answer> {
  return kind;
}

/** The most characters of what is asked for, and of what is answered. */
export const ARGUMENTS_CHARS_MAX = 16 * 1024;
export const ANSWER_CHARS_MAX = 64 * 1024;
/** Whoever asks waits no longer than this for an answer, and gives up what was not begun. */
export const ASK_MS_MAX = 5_000;
/** What was asked longer ago is not begun any more, and is forgotten after an hour. */
export const BEGIN_MS_MAX = 10_000;
export const COMMAND_KEPT_MS = 3_600_000;
