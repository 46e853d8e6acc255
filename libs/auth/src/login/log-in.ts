import { IsNull } from 'typeorm';
import { appendAudit, type Actor } from '#audit';
import { DomainError, type Clock } from '#core';
import { AccountEntity, type Database } from '#database';
import { changeAccounts, requireEnabled } from '../accounts/account-changes.js';
import { accountOf, foldEmail, targetOf, type Account } from '../accounts/account.js';
import { deviceCookieOf, deviceOf } from './device-cookie.js';
import { LoginFailures } from './login-failures.js';
import type { LoginThrottle } from './login-throttle.js';
import { normalizePassword } from '../password/password-policy.js';
import type { Passwords } from '../password/passwords.js';

export interface LogInOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly throttle: LoginThrottle;
}

/** Logs people in by password. The caller makes the session afterwards. */
export class LogIn {
  private readonly failures: LoginFailures;

  constructor(private readonly options: LogInOptions) {
    this.failures = new LoginFailures(options);
  }

  /**
   * Finds the account of an address and its password, and the device cookie to set. An unknown address, an account
   * without a password and a wrong password look the same, in time too. Replaces a hash that costs less than today's.
   *
   * @param caller the caller's address, and its device cookie where it sent one
   * @throws DomainError `unauthenticated` for a wrong pair, `permission_denied` for a right one of a disabled account,
   * `rate_limited` with a retry time after too many failures, `unavailable` when too many log in at once
   */
  async login(
    email: string,
    password: string,
    caller: { readonly from: string; readonly deviceCookie?: string | undefined },
  ): Promise<{ account: Account; deviceCookie: string }> {
    const folded = foldEmail(email);
    const found = await this.options.database.read((manager) => manager.findOneBy(AccountEntity, { email: folded }));
    const device = deviceOf(caller.deviceCookie, found);
    const attempt = this.options.throttle.begin({ email: folded, from: caller.from, device });
    const stored = found?.passwordHash ?? null;
    const { isRight, isWeak } = await attempt.watch(() => this.options.passwords.verify(stored, password));
    if (found === null || stored === null || !isRight) {
      await this.failures.note(found, caller.from);
      throw wrong();
    }
    attempt.succeeded();
    requireEnabled(found);
    const passwordHash = (isWeak ? await this.rehash(password) : undefined) ?? stored;
    return this.record(found, { stored, passwordHash, from: caller.from });
  }

  /** Undefined when the queue of hashes is full: the old hash does until next time. */
  private async rehash(password: string): Promise<string | undefined> {
    const normalized = normalizePassword(password);
    return normalized === undefined ? undefined : this.options.passwords.hash(normalized).catch(() => undefined);
  }

  private async record(
    found: AccountEntity,
    { stored, passwordHash, from }: { stored: string; passwordHash: string; from: string },
  ): Promise<{ account: Account; deviceCookie: string }> {
    const lastLoginAtMs = this.options.clock.wallMs();
    const { id, email } = found;
    const actor: Actor = { kind: 'account', id, name: email, from };
    await changeAccounts(this.options.database, async (manager) => {
      const unchanged = { id, passwordHash: stored, disabledAtMs: IsNull() };
      const { affected } = await manager.update(AccountEntity, unchanged, { lastLoginAtMs, passwordHash });
      if (affected !== 1) throw wrong();
      await appendAudit(manager, { actor, action: 'account.login', target: targetOf(found) }, lastLoginAtMs);
    });
    const account = accountOf({ ...found, passwordHash, lastLoginAtMs });
    return { account, deviceCookie: deviceCookieOf({ id, passwordHash }) };
  }
}

function wrong(): DomainError {
  return new DomainError('unauthenticated', 'The e-mail address or the password is wrong.');
}
