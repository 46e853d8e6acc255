import { DomainError } from '#core';

/** A failure that another attempt may not meet: a cut, a stall, 429, 5xx, a wrong digest. Never leaves this folder. */
export class PassingFault extends Error {
  /** Whether the attempt brought the work on, so that the attempts are counted anew. */
  readonly progressed: boolean;
  /** What the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, { progressed = false, retryAfterMs, cause }: PassingFaultDetails = {}) {
    super(reason, { cause });
    this.name = 'PassingFault';
    this.progressed = progressed;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface PassingFaultDetails {
  readonly progressed?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** What a status of the hub that is neither success nor redirect means: a PassingFault or the final DomainError. */
export function statusFault(status: number, what: string, headers: Readonly<Record<string, unknown>>): Error {
  const internal = `${what}: HTTP ${status} ${text(headers['x-error-code'])} ${text(headers['x-error-message'])}`;
  if (status === 429 || status === 408 || status >= 500) {
    return new PassingFault(`the hub answered ${status}`, { retryAfterMs: retryAfterMs(text(headers['retry-after'])) });
  }
  const isGated = text(headers['x-error-code']) === 'GatedRepo';
  if (isGated || status === 403) return new DomainError('permission_denied', GATED, { internal });
  if (status === 401) return new DomainError('permission_denied', PRIVATE, { internal });
  if (status === 404) return new DomainError('not_found', `The hub has no ${what}.`, { internal });
  return new DomainError('unavailable', `The hub refused ${what} (HTTP ${status}).`, { internal });
}

const GATED =
  'The hub gives this model only to accounts that accepted its terms. Accept them on its page, and set CAS_HUB_TOKEN to a token of that account.';
const PRIVATE =
  'The hub does not have this model, or keeps it private. Check its name, and set CAS_HUB_TOKEN if it is private.';

/** `Retry-After` in seconds; a date is not worth a second notion of time here. */
function retryAfterMs(value: string): number | undefined {
  return /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
