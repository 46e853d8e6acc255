import { DomainError } from './domain-error.js';

/**
 * Resolves when all checks have passed. Otherwise rejects when all have ended, with everything that was refused in one
 * `invalid_argument`, since whoever mends one should hear of the others; with the first other error when nothing was refused.
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
