import { appendAudit, type Actor } from '#audit';
import type { Clock } from '#core';
import type { AccountEntity, Database } from '#database';
import { targetOf } from '../accounts/account.js';

/** Failed log-ins that one process writes down in a minute: a flood must not fill an append-only table. */
const EVENTS_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** Writes a bounded number of failed log-ins to the audit trail; the next event says how many were left out. */
export class LoginFailures {
  private minuteStartMs = -Infinity;
  private written = 0;
  private leftOut = 0;

  constructor(private readonly options: { readonly database: Database; readonly clock: Clock }) {}

  /** Keeps no address that no account has: it may be a password that was typed into the wrong field. */
  async note(account: AccountEntity | null, from: string): Promise<void> {
    if (!this.mayWrite()) {
      this.leftOut += 1;
      return;
    }
    const actor: Actor = { kind: 'system', id: 'login', name: 'log-in', from };
    const target = account === null ? { kind: 'account', id: 'unknown', name: 'unknown' } : targetOf(account);
    const after = this.leftOut === 0 ? undefined : { leftOut: this.leftOut };
    this.leftOut = 0;
    const change = { actor, action: 'account.login-failed', target, after };
    await this.options.database.transaction((manager) => appendAudit(manager, change, this.options.clock.wallMs()));
  }

  private mayWrite(): boolean {
    const nowMs = this.options.clock.now();
    if (nowMs - this.minuteStartMs >= MINUTE_MS) {
      this.minuteStartMs = nowMs;
      this.written = 0;
    }
    this.written += 1;
    return this.written <= EVENTS_PER_MINUTE;
  }
}
