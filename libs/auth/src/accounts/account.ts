import { randomUUID } from 'node:crypto';
import { DomainError } from '#core';
import type { AccountEntity, AccountRole } from '#database';

/** An account as others may see it: nothing in it is secret. Times in milliseconds since 1970. */
export interface Account {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  /** `invited` until the person has chosen a password or come by single sign-on. */
  readonly status: 'active' | 'invited' | 'disabled';
  readonly hasPassword: boolean;
  /** Whether a person of the single sign-on provider is bound to it. */
  readonly hasSingleSignOn: boolean;
  readonly createdAtMs: number;
  readonly lastLoginAtMs: number | null;
}

export function accountOf(entity: AccountEntity): Account {
  const { id, email, name, role, createdAtMs, lastLoginAtMs } = entity;
  const hasPassword = entity.passwordHash !== null;
  const hasSingleSignOn = entity.oidcSubject !== null;
  const canLogIn = hasPassword || hasSingleSignOn;
  const status = entity.disabledAtMs !== null ? 'disabled' : canLogIn ? 'active' : 'invited';
  return { id, email, name, role, status, hasPassword, hasSingleSignOn, createdAtMs, lastLoginAtMs };
}

/** A row for a new person. Without a password and a provider's subject it is an invitation. */
export function newAccount(
  person: Pick<AccountEntity, 'email' | 'name' | 'role' | 'createdAtMs'> & Partial<AccountEntity>,
): AccountEntity {
  return {
    id: randomUUID(),
    passwordHash: null,
    oidcIssuer: null,
    oidcSubject: null,
    disabledAtMs: null,
    lastLoginAtMs: null,
    ...person,
  };
}

/** What the audit trail keeps of an account: who it was and what it could do. */
export function auditedAccount(entity: AccountEntity): Pick<Account, 'email' | 'name' | 'role' | 'status'> {
  const { email, name, role, status } = accountOf(entity);
  return { email, name, role, status };
}

/** How the audit trail names an account that something was done to. */
export function targetOf({ id, email }: { id: string; email: string }): { kind: string; id: string; name: string } {
  return { kind: 'account', id, name: email };
}

/**
 * An e-mail address in the one form that is stored and looked up: trimmed, in lower case.
 *
 * @throws DomainError `invalid_argument` for what cannot be one (RFC 5321 allows 254 characters)
 */
export function parseEmail(text: string): string {
  const email = foldEmail(text);
  if (email.length <= 254 && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)) return email;
  throw new DomainError('invalid_argument', 'That is not an e-mail address. Give one such as ann@example.com.');
}

/** The stored form of a typed address, for look-ups: a malformed one is merely unknown there. */
export function foldEmail(text: string): string {
  return text.slice(0, 1000).trim().normalize('NFKC').toLowerCase();
}

/** @throws DomainError `invalid_argument` unless 1 to 100 printable characters remain after trimming */
export function parsePersonName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name.length > 0 && name.length <= 100 && !/\p{C}/u.test(name)) return name;
  throw new DomainError('invalid_argument', 'A name needs 1 to 100 printable characters.');
}
