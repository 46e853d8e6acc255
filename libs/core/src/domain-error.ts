/**
 * Everything that can go wrong in a way that a caller should hear about. One table gives each code its status on each
 * protocol (gRPC status, HTTP status, WebSocket close): `libs/core/src/error-table.ts`.
 */
export const ERROR_CODES = [
  'invalid_argument',
  'malformed_request',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'conflict',
  'method_not_allowed',
  'unsupported_media_type',
  'model_unknown',
  'request_too_large',
  'item_empty',
  'image_unreadable',
  'image_too_large',
  'image_format_refused',
  'tensor_invalid',
  'fetch_refused',
  'fetch_failed',
  'rank_without_matches',
  'queue_full',
  'rate_limited',
  'replica_lost',
  'item_poisonous',
  'deadline_exceeded',
  'cancelled',
  'shutting_down',
  'unavailable',
  'unimplemented',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface DomainErrorDetails {
  /** For logs only: may name paths, addresses, counts. Never sent to a caller. */
  internal?: string;
  /** After how many milliseconds from now the caller may try again. */
  retryAfterMs?: number;
  cause?: unknown;
}

/**
 * The one error type that crosses layers. `message` is public: what is blocked, why, and what to do. It never holds a
 * stack, a path of the machine, a token or image bytes.
 *
 * @example throw new DomainError('invalid_argument', 'The model ViT is not served. Ask for one of /v1/models.');
 */
export class DomainError extends Error {
  readonly internal: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    publicText: string,
    details: DomainErrorDetails = {},
  ) {
    super(publicText, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DomainError';
    this.internal = details.internal;
    this.retryAfterMs = details.retryAfterMs;
  }

  /**
   * Turns any thrown value into a DomainError. What is not one already becomes `internal` with a fixed public text,
   * since the message of an unforeseen error may hold a path or user data.
   */
  static from(thrown: unknown): DomainError {
    if (thrown instanceof DomainError) return thrown;
    const internal = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return new DomainError('internal', 'The server failed on this request. The log of the server has the reason.', {
      internal,
      cause: thrown,
    });
  }
}

/** Whether a string that came over a boundary (IPC) is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && ERROR_CODES.some((code) => code === value);
}

/**
 * The error of one item where that error fails its whole request: the same error, with a text that says which item it
 * was.
 */
export class ItemError extends DomainError {
  constructor(error: DomainError, publicText: string) {
    super(error.code, publicText, {
      cause: error,
      ...(error.internal === undefined ? {} : { internal: error.internal }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    });
  }
}

/**
 * Resolves when all checks have passed. Otherwise rejects when all have ended: with all refusals in one
 * `invalid_argument`, so that a caller can mend them together, or with the first other error when nothing was refused.
 */
export async function allOf(checks: readonly Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(checks)).flatMap((outcome) =>
    outcome.status === 'rejected' ? [DomainError.from(outcome.reason)] : [],
  );
  const refusals = failures.filter(({ code }) => code === 'invalid_argument');
  const [first] = refusals.length > 0 ? refusals : failures;
  if (!first) return;
  if (refusals.length < 2) throw first;
  const internal = refusals.flatMap((refusal) => refusal.internal ?? []).join('; ');
  const text = refusals.map(({ message }) => message).join(' ');
  throw new DomainError('invalid_argument', text, { cause: first, ...(internal === '' ? {} : { internal }) });
}

/** Returns what an operator reads of a failure: the internal reason where there is one, else the public text. */
export function reasonOf(thrown: unknown): string {
  const { internal, message } = DomainError.from(thrown);
  return internal ?? message;
}

/**
 * The text of anything that was thrown, without a stack. For logs, operators and the command line: the text of an
 * unforeseen error may hold a path.
 */
export function thrownText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
