import { SettingsError } from '#config';
import { DomainError, type ErrorCode, thrownText } from '#core';

/** The exit statuses, for scripts. `usage` also stands for settings and values that are not allowed. */
export const EXIT = { done: 0, failed: 1, usage: 2, notAllowed: 3, unreachable: 5 } as const;

const EXIT_OF_CODE: Partial<Record<ErrorCode, number>> = {
  invalid_argument: EXIT.usage,
  unauthenticated: EXIT.notAllowed,
  permission_denied: EXIT.notAllowed,
  unavailable: EXIT.unreachable,
};

/** The exit status for anything that was thrown. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof SettingsError) return EXIT.usage;
  return thrown instanceof DomainError ? (EXIT_OF_CODE[thrown.code] ?? EXIT.failed) : EXIT.failed;
}

/**
 * The message of anything that was thrown, without a stack. An access token in it (typed where a name belongs) is cut
 * to its public part.
 */
export function messageOf(thrown: unknown): string {
  return withoutTokens(thrownText(thrown));
}

/** Cuts every access token in a text to the part that is no secret. */
export function withoutTokens(text: string): string {
  return text.replace(/(cas_pat_\w{12})\w+/g, '$1…');
}
