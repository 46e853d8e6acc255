import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { appendAudit, type Actor } from '#audit';
import { DomainError, type Clock } from '#core';
import { AccountEntity, type AccountRole, type Database } from '#database';
import { changeAccounts, requireEnabled } from '../accounts/account-changes.js';
import {
  accountOf,
  auditedAccount,
  foldEmail,
  newAccount,
  parseEmail,
  targetOf,
  type Account,
} from '../accounts/account.js';
import type { OidcClient, OidcIdentity } from './oidc-client.js';
import { dropLinks } from '../links/one-time-links.js';

export interface SingleSignOnOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly client: OidcClient;
  /** People with a verified address of these domains get an account; compared whole, in lower case. */
  readonly domains: readonly string[];
  /** The role of accounts made that way. */
  readonly role: Exclude<AccountRole, 'owner'>;
}

/**
 * Logs people in by an OpenID Connect provider. The account is the one bound to (issuer, subject). If there is none, it
 * is the one with the verified e-mail address, which is then bound; an account that is bound to somebody else stays so
 * until a reset link is made for it. If there is none either, a new one is made where the domain of the address allows
 * it.
 */
export class SingleSignOn {
  constructor(private readonly options: SingleSignOnOptions) {}

  /** See OidcClient.start. */
  start(redirectUrl: string): Promise<{ url: string; kept: string }> {
    return this.options.client.start(redirectUrl);
  }

  /**
   * Finds the account of the person who comes back from the provider. The caller makes the session afterwards.
   *
   * @throws DomainError `permission_denied` also when the person has no account and may not get one, or a disabled
   * one; else as OidcClient.finish
   */
  async finish(query: URLSearchParams, kept: string | undefined, { from }: { from: string }): Promise<Account> {
    const identity = await this.options.client.finish(query, kept);
    return changeAccounts(this.options.database, async (manager) => {
      const account = await this.accountFor(manager, identity, from);
      requireEnabled(account);
      return this.record(manager, account, from);
    });
  }

  private async accountFor(manager: EntityManager, identity: OidcIdentity, from: string): Promise<AccountEntity> {
    const { issuer: oidcIssuer, subject: oidcSubject, verifiedEmail } = identity;
    const bound = await manager.findOneBy(AccountEntity, { oidcIssuer, oidcSubject });
    if (bound !== null) return bound;
    if (verifiedEmail === undefined) throw noAccount('the provider has not verified the e-mail address');
    if (!isUnfolded(verifiedEmail)) throw noAccount('the address is written with look-alikes of plain characters');
    const known = await manager.findOneBy(AccountEntity, { email: foldEmail(verifiedEmail) });
    if (known !== null) return this.bind(manager, known, identity, from);
    return this.make(manager, { ...identity, verifiedEmail }, from);
  }

  private async bind(
    manager: EntityManager,
    known: AccountEntity,
    { issuer: oidcIssuer, subject: oidcSubject }: OidcIdentity,
    from: string,
  ): Promise<AccountEntity> {
    requireEnabled(known);
    const { affected } = await manager.update(
      AccountEntity,
      { id: known.id, oidcSubject: IsNull() },
      { oidcIssuer, oidcSubject },
    );
    if (affected !== 1) throw boundToAnother(known);
    if (known.passwordHash === null) await dropLinks(manager, known.id);
    const account = { ...known, oidcIssuer, oidcSubject };
    const after = { singleSignOn: { issuer: oidcIssuer, subject: oidcSubject } };
    await this.audit(manager, { action: 'account.sign-on-bind', account, from, after });
    return account;
  }

  private async make(
    manager: EntityManager,
    identity: OidcIdentity & { verifiedEmail: string },
    from: string,
  ): Promise<AccountEntity> {
    const email = parseEmail(identity.verifiedEmail);
    const domain = email.slice(email.lastIndexOf('@') + 1);
    if (!this.options.domains.some((allowed) => allowed.toLowerCase() === domain)) {
      throw noAccount('the domain of the address is not in the list of those that get an account');
    }
    // The set-up link works while there is no account: a member as the first one would leave nobody to own the service.
    if ((await manager.count(AccountEntity)) === 0) throw noAccount('the service has not been set up');
    const account = newAccount({
      email,
      name: printableName(identity.name) ?? email.slice(0, 100),
      role: this.options.role,
      oidcIssuer: identity.issuer,
      oidcSubject: identity.subject,
      createdAtMs: this.options.clock.wallMs(),
    });
    await manager.insert(AccountEntity, account);
    await this.audit(manager, { action: 'account.sign-on-create', account, from, after: auditedAccount(account) });
    return account;
  }

  private async record(manager: EntityManager, account: AccountEntity, from: string): Promise<Account> {
    const lastLoginAtMs = this.options.clock.wallMs();
    await manager.update(AccountEntity, { id: account.id }, { lastLoginAtMs });
    await this.audit(manager, { action: 'account.login', account, from, after: { by: 'single sign-on' } });
    return accountOf({ ...account, lastLoginAtMs });
  }

  private async audit(
    manager: EntityManager,
    event: { action: string; account: AccountEntity; from: string; after: unknown },
  ): Promise<void> {
    const { action, account, from, after } = event;
    const actor: Actor = { kind: 'account', id: account.id, name: account.email, from };
    await appendAudit(manager, { actor, action, target: targetOf(account), after }, this.options.clock.wallMs());
  }
}

/**
 * Whether folding the address loses nothing but case. The provider has verified `ａnn@example.com`, full-width, as a
 * mailbox of its own; folded it would open the account of `ann@example.com`.
 */
function isUnfolded(email: string): boolean {
  return email.normalize('NFKC') === email;
}

/** A provider's name for a person, as ours must be; undefined when nothing printable is in it. */
function printableName(name: string | undefined): string | undefined {
  const cleaned = (name ?? '').normalize('NFC').replace(/\p{C}/gu, '').trim();
  return cleaned === '' ? undefined : [...cleaned].slice(0, 50).join('');
}

function boundToAnother({ id, oidcIssuer }: AccountEntity): DomainError {
  return new DomainError(
    'permission_denied',
    'Your account belongs to another user of the sign-on provider, or to another provider. ' +
      'Ask an owner or admin for a reset link: after that, single sign-on connects the account to you.',
    { internal: `single sign-on: the account ${id} is bound to another person, of ${oidcIssuer ?? 'no provider'}` },
  );
}

function noAccount(internal: string): DomainError {
  return new DomainError(
    'permission_denied',
    'Single sign-on found no account here for you. Ask an owner or admin to invite your e-mail address, ' +
      'and see that the provider has verified it.',
    { internal: `single sign-on: ${internal}` },
  );
}
