import type { EntityManager } from 'typeorm';
import { appendAudit, type Actor } from '#audit';
import { DomainError, type Clock } from '#core';
import { AccountEntity, type Database, type OneTimeLinkEntity } from '#database';
import { changeAccounts, findAccount, requireEnabled } from '../accounts/account-changes.js';
import {
  accountOf,
  auditedAccount,
  newAccount,
  parseEmail,
  parsePersonName,
  targetOf,
  type Account,
} from '../accounts/account.js';
import type { LoginThrottle } from '../login/login-throttle.js';
import { dropLinks, findLink, issueLink, useLink, type OneTimeLink } from '../links/one-time-links.js';
import { checkNewPassword } from '../password/password-policy.js';
import type { Passwords } from '../password/passwords.js';
import type { SessionService } from '../sessions/session-service.js';

export interface AccountCredentialsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: SessionService;
  readonly throttle: LoginThrottle;
}

/** What people do for themselves: set the service up, follow a link, change the password. */
export class AccountCredentials {
  constructor(private readonly options: AccountCredentialsOptions) {}

  /**
   * Makes the link for the first owner, and ends older ones; undefined once there is an account.
   *
   * @param actor who asked for it, for the audit trail; by default the start of the service, which logs the link
   */
  setupLink(actor: Actor = STARTUP): Promise<OneTimeLink | undefined> {
    return changeAccounts(this.options.database, async (manager) => {
      if ((await manager.count(AccountEntity)) > 0) return undefined;
      const nowMs = this.nowMs;
      const link = await issueLink(manager, { purpose: 'setup', accountId: null, nowMs });
      const target = { kind: 'account', id: 'setup', name: 'first owner' };
      await appendAudit(manager, { actor, action: 'account.setup-link', target }, nowMs);
      return link;
    });
  }

  /**
   * Makes the first owner.
   *
   * @throws DomainError `not_found` for a link that does not work (any more), `invalid_argument` for what was typed
   */
  async setUp(
    secret: string,
    person: { readonly email: string; readonly name: string; readonly password: string },
    from: string | null,
  ): Promise<Account> {
    const [email, name] = [parseEmail(person.email), parsePersonName(person.name)];
    const password = checkNewPassword(person.password, { email, name });
    const link = await this.peek(secret, ['setup']);
    const passwordHash = await this.options.passwords.hash(password);
    return changeAccounts(this.options.database, async (manager) => {
      await useLink(manager, link.id, this.nowMs);
      if ((await manager.count(AccountEntity)) > 0) {
        throw new DomainError('conflict', 'The service is set up already. Ask its owner for an invitation.');
      }
      const account = newAccount({ email, name, passwordHash, role: 'owner', createdAtMs: this.nowMs });
      await manager.insert(AccountEntity, account);
      await this.audit(manager, { action: 'account.setup', account, from, after: auditedAccount(account) });
      return accountOf(account);
    });
  }

  /**
   * Chooses the password by the link of an invitation or a reset, and ends the sessions of the account.
   *
   * @throws DomainError `not_found` for a link that does not work (any more), `invalid_argument` for the password,
   * `permission_denied` for a disabled account
   */
  async accept(secret: string, password: string, from: string | null): Promise<Account> {
    const link = await this.peek(secret, ['invite', 'reset']);
    const accountId = link.accountId ?? '';
    const person = await this.options.database.read((manager) => findAccount(manager, accountId));
    requireEnabled(person);
    const passwordHash = await this.options.passwords.hash(checkNewPassword(password, person));
    return changeAccounts(this.options.database, async (manager) => {
      await useLink(manager, link.id, this.nowMs);
      const account = await findAccount(manager, accountId);
      requireEnabled(account);
      await this.options.sessions.endAllOf(manager, accountId);
      const action = link.purpose === 'invite' ? 'account.accept' : 'account.reset';
      return this.savePassword(manager, { action, account, passwordHash, from });
    });
  }

  /**
   * Changes the actor's own password, and ends every other session but the one given. It slows wrong old passwords as
   * log-ins are slowed: somebody who finds an open console shall not guess at leisure.
   *
   * @throws DomainError `permission_denied` for a wrong old password, `invalid_argument` for the new one,
   * `rate_limited` after several wrong ones, `conflict` for an account that has no password
   */
  async changePassword(
    actor: Actor,
    { oldPassword, newPassword, keepSessionId }: { oldPassword: string; newPassword: string; keepSessionId?: string },
  ): Promise<Account> {
    const person = await this.options.database.read((manager) => findAccount(manager, actor.id));
    if (person.passwordHash === null) {
      throw new DomainError(
        'conflict',
        'This account has no password. An owner or admin can make a link to choose one.',
      );
    }
    await this.requirePassword(person, oldPassword, actor.from);
    const passwordHash = await this.options.passwords.hash(checkNewPassword(newPassword, person));
    return changeAccounts(this.options.database, async (manager) => {
      const account = await findAccount(manager, person.id);
      requireEnabled(account);
      if (account.passwordHash !== person.passwordHash) {
        throw new DomainError('conflict', 'The password was changed elsewhere meanwhile. Log in again.');
      }
      await this.options.sessions.endAllOf(manager, account.id, keepSessionId);
      return this.savePassword(manager, { action: 'account.password', account, passwordHash, from: actor.from });
    });
  }

  private get nowMs(): number {
    return this.options.clock.wallMs();
  }

  private peek(secret: string, purposes: readonly OneTimeLinkEntity['purpose'][]): Promise<OneTimeLinkEntity> {
    return this.options.database.read((manager) => findLink(manager, { secret, purposes, nowMs: this.nowMs }));
  }

  private async requirePassword(person: AccountEntity, password: string, from: string | null): Promise<void> {
    const attempt = this.options.throttle.begin({ email: person.email, from: from ?? 'unknown' });
    const { isRight } = await attempt.watch(() => this.options.passwords.verify(person.passwordHash, password));
    if (!isRight) throw new DomainError('permission_denied', 'The old password is wrong.');
    attempt.succeeded();
  }

  private async savePassword(
    manager: EntityManager,
    change: { action: string; account: AccountEntity; passwordHash: string; from: string | null },
  ): Promise<Account> {
    const { account, passwordHash } = change;
    await manager.update(AccountEntity, { id: account.id }, { passwordHash });
    await dropLinks(manager, account.id);
    await this.audit(manager, change);
    return accountOf({ ...account, passwordHash });
  }

  private async audit(
    manager: EntityManager,
    event: { action: string; account: AccountEntity; from: string | null; after?: unknown },
  ): Promise<void> {
    const { action, account, from, after } = event;
    const actor: Actor = { kind: 'account', id: account.id, name: account.email, from };
    await appendAudit(manager, { actor, action, target: targetOf(account), after }, this.nowMs);
  }
}

const STARTUP: Actor = { kind: 'system', id: 'startup', name: 'start of the service', from: null };
