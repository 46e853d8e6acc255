import type { AccountSessionEntity } from '#database';
import type { Account } from '../accounts/account.js';

/** One browser that is logged in. Times in milliseconds since 1970. */
export interface Session {
  readonly id: string;
  readonly accountId: string;
  readonly createdAtMs: number;
  /** Exact to a minute. */
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
  /** The address it was made from. */
  readonly from: string;
  readonly userAgent: string;
}

export interface ResolvedSession {
  readonly account: Account;
  readonly session: Session;
}

export function sessionOf(entity: AccountSessionEntity): Session {
  const { id, accountId, createdAtMs, lastSeenAtMs, expiresAtMs, fromAddress: from, userAgent } = entity;
  return { id, accountId, createdAtMs, lastSeenAtMs, expiresAtMs, from, userAgent };
}
