import type { EntityManager } from 'typeorm';
import { appendAudit, type Actor } from '#audit';
import { DomainError, type Clock } from '#core';
import { AccountEntity, type AccountRole, type Database } from '#database';
import {
  changeAccounts,
  findAccount,
  requireEnabled,
  requireMayChange,
  requireOtherOwner,
  type RevokeTokensOf,
} from '../accounts/account-changes.js';
import {
  accountOf,
  auditedAccount,
  newAccount,
  parseEmail,
  parsePersonName,
  targetOf,
  type Account,
} from '../accounts/account.js';
import { pageOfAccounts, type AccountPage, type AccountPageQuery } from '../accounts/account-page.js';
import { dropLinks, issueLink, type OneTimeLink } from '../links/one-time-links.js';
import { isLower } from '../accounts/roles.js';
import type { SessionService } from '../sessions/session-service.js';

export interface AccountServiceOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly sessions: SessionService;
  readonly revokeTokensOf: RevokeTokensOf;
}

/**
 * What owners and admins do with accounts. Each change checks the actor's role as it is at that moment, and its audit
 * event is committed with it or not at all. Errors of all: `permission_denied` for the role, `not_found` for the id.
 */
export class AccountService {
  constructor(private readonly options: AccountServiceOptions) {}

  /** Every account, by e-mail address. The caller checks `accounts:read`. */
  async list(): Promise<Account[]> {
    const found = await this.options.database.read((manager) =>
      manager.find(AccountEntity, { order: { email: 'ASC' } }),
    );
    return found.map(accountOf);
  }

  /**
   * One page of accounts, by e-mail address, of those whose address or name has `search` in it. The caller checks
   * `accounts:read`.
   */
  async page(query: AccountPageQuery): Promise<AccountPage> {
    return pageOfAccounts(this.options.database, query);
  }

  async get(accountId: string): Promise<Account> {
    return accountOf(await this.options.database.read((manager) => findAccount(manager, accountId)));
  }

  /**
   * Makes an account that waits for its person, and the link by which the person chooses a password.
   *
   * @throws DomainError `conflict` when the address has an account, or when the very first one would be no owner
   */
  async invite(
    actor: Actor,
    person: { readonly email: string; readonly name: string; readonly role: AccountRole },
  ): Promise<{ account: Account; link: OneTimeLink }> {
    const { role } = person;
    const [email, name] = [parseEmail(person.email), parsePersonName(person.name)];
    return changeAccounts(this.options.database, async (manager) => {
      await requireMayChange(manager, actor, [role]);
      await requireFree(manager, email, role);
      const account = newAccount({ email, name, role, createdAtMs: this.nowMs });
      await manager.insert(AccountEntity, account);
      const link = await issueLink(manager, { purpose: 'invite', accountId: account.id, nowMs: this.nowMs });
      await this.audit(manager, { actor, action: 'account.invite', account, after: auditedAccount(account) });
      return { account: accountOf(account), link };
    });
  }

  /**
   * Makes a link by which the person chooses a password: after a forgotten one, or for an invitation that expired. The
   * present password works until then. Unbinds single sign-on, which then binds the account to whoever comes with the
   * verified address: after a change of the provider it is bound to somebody who will not come any more.
   *
   * @throws DomainError also `permission_denied` for an account that is disabled
   */
  resetLink(actor: Actor, accountId: string): Promise<OneTimeLink> {
    return this.change(actor, accountId, async (manager, account) => {
      requireEnabled(account);
      const nowMs = this.nowMs;
      const link = await issueLink(manager, { purpose: 'reset', accountId, nowMs });
      const { oidcIssuer: issuer, oidcSubject: subject } = account;
      await manager.update(AccountEntity, { id: accountId }, { oidcIssuer: null, oidcSubject: null });
      const unbound = subject === null ? {} : { before: { singleSignOn: { issuer, subject } }, after: UNBOUND };
      await this.audit(manager, { actor, action: 'account.reset-link', account, ...unbound });
      return link;
    });
  }

  /**
   * Changes the role. A lower one ends the account's sessions and revokes its tokens, since both were given under the
   * higher one. Any change ends links: whoever made one may have had no right to make it for the new role. The role of
   * an owner also ends sessions, which may come from such a link.
   *
   * @throws DomainError `conflict` for the last owner
   */
  setRole(actor: Actor, accountId: string, role: AccountRole): Promise<Account> {
    return this.change(actor, accountId, async (manager, account) => {
      await requireMayChange(manager, actor, [role]);
      if (role === account.role) return accountOf(account);
      if (role !== 'owner') await requireOtherOwner(manager, account);
      await dropLinks(manager, accountId);
      if (role === 'owner') await this.options.sessions.endAllOf(manager, accountId);
      if (isLower(role, account.role)) await this.endAccess(manager, actor, accountId);
      return this.save(manager, { actor, action: 'account.role', account, changes: { role } });
    });
  }

  /** Changes the name. Everybody may change their own. */
  async rename(actor: Actor, accountId: string, name: string): Promise<Account> {
    const parsed = parsePersonName(name);
    return changeAccounts(this.options.database, async (manager) => {
      const account = await findAccount(manager, accountId);
      if (actor.kind === 'account' && actor.id === accountId) requireEnabled(account);
      else await requireMayChange(manager, actor, [account.role]);
      return this.save(manager, { actor, action: 'account.rename', account, changes: { name: parsed } });
    });
  }

  /**
   * Lets nobody log in by this account until it is enabled; ends sessions and links, revokes tokens for good.
   *
   * @throws DomainError `conflict` for the last owner
   */
  disable(actor: Actor, accountId: string): Promise<Account> {
    return this.change(actor, accountId, async (manager, account) => {
      if (account.disabledAtMs !== null) return accountOf(account);
      await requireOtherOwner(manager, account);
      await this.endAccess(manager, actor, accountId);
      const changes = { disabledAtMs: this.nowMs };
      return this.save(manager, { actor, action: 'account.disable', account, changes });
    });
  }

  enable(actor: Actor, accountId: string): Promise<Account> {
    return this.change(actor, accountId, async (manager, account) => {
      if (account.disabledAtMs === null) return accountOf(account);
      return this.save(manager, { actor, action: 'account.enable', account, changes: { disabledAtMs: null } });
    });
  }

  /**
   * Removes the account for good; its tokens stay behind, revoked.
   *
   * @throws DomainError `conflict` for the last owner
   */
  remove(actor: Actor, accountId: string): Promise<void> {
    return this.change(actor, accountId, async (manager, account) => {
      await requireOtherOwner(manager, account);
      await this.endAccess(manager, actor, accountId);
      await manager.delete(AccountEntity, { id: accountId });
      await this.audit(manager, { actor, action: 'account.remove', account, before: auditedAccount(account) });
    });
  }

  private get nowMs(): number {
    return this.options.clock.wallMs();
  }

  private change<T>(
    actor: Actor,
    accountId: string,
    work: (manager: EntityManager, account: AccountEntity) => Promise<T>,
  ): Promise<T> {
    return changeAccounts(this.options.database, async (manager) => {
      await requireMayChange(manager, actor, []);
      const account = await findAccount(manager, accountId);
      await requireMayChange(manager, actor, [account.role]);
      return work(manager, account);
    });
  }

  private async save(
    manager: EntityManager,
    change: { actor: Actor; action: string; account: AccountEntity; changes: Partial<AccountEntity> },
  ): Promise<Account> {
    const before = auditedAccount(change.account);
    await manager.update(AccountEntity, { id: change.account.id }, change.changes);
    const account = Object.assign(change.account, change.changes);
    await this.audit(manager, { ...change, account, before, after: auditedAccount(account) });
    return accountOf(account);
  }

  private async endAccess(manager: EntityManager, actor: Actor, accountId: string): Promise<void> {
    await this.options.sessions.endAllOf(manager, accountId);
    await dropLinks(manager, accountId);
    await this.options.revokeTokensOf(manager, actor, accountId);
  }

  private async audit(
    manager: EntityManager,
    event: { actor: Actor; action: string; account: AccountEntity; before?: unknown; after?: unknown },
  ): Promise<void> {
    const { actor, action, account, before, after } = event;
    await appendAudit(manager, { actor, action, target: targetOf(account), before, after }, this.nowMs);
  }
}

const UNBOUND = { singleSignOn: null };

async function requireFree(manager: EntityManager, email: string, role: AccountRole): Promise<void> {
  if (await manager.existsBy(AccountEntity, { email })) {
    throw new DomainError('conflict', 'There is an account with this e-mail address already.');
  }
  if (role !== 'owner' && (await manager.count(AccountEntity)) === 0) {
    throw new DomainError('conflict', 'The first account must be an owner. Set the service up first.');
  }
}
