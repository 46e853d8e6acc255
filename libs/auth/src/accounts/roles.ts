import { DomainError } from '#core';
import type { AccountRole } from '#database';

/** What the admin API may ask of a caller. `…-own` concerns what belongs to the account itself. */
export const PERMISSIONS = [
  'tokens:read-own',
  'tokens:write-own',
  'tokens:read',
  'tokens:write',
  'accounts:read',
  'accounts:write',
  'owners:write',
  'audit:read',
  'usage:read-own',
  'usage:read',
  'traces:read-own',
  'traces:read',
  'models:read',
  'models:write',
  'playground:use',
  'settings:read',
  'settings:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The roles, from the one that may do most to the one that may do least. */
export const ACCOUNT_ROLES = ['owner', 'admin', 'member', 'viewer'] as const satisfies readonly AccountRole[];

const READS = PERMISSIONS.filter((permission) => permission.endsWith(':read'));

/**
 * Which role may do what: the one table behind every check. A member makes tokens for itself and sees nobody else's. A
 * viewer sees everything but secrets, which nothing shows twice, changes nothing and uses nothing up. An admin does
 * everything but touch owners.
 */
export const ROLE_PERMISSIONS: Readonly<Record<AccountRole, readonly Permission[]>> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS.filter((permission) => permission !== 'owners:write'),
  member: ['tokens:read-own', 'tokens:write-own', 'usage:read-own', 'traces:read-own', 'models:read', 'playground:use'],
  viewer: [...READS, 'tokens:read-own', 'usage:read-own', 'traces:read-own'],
};

/** Whether the role of `account` has the permission. */
export function isPermitted(account: { readonly role: AccountRole }, permission: Permission): boolean {
  return ROLE_PERMISSIONS[account.role].includes(permission);
}

/** @throws DomainError `permission_denied` unless the role of `account` has the permission */
export function requirePermission(account: { readonly role: AccountRole }, permission: Permission): void {
  if (isPermitted(account, permission)) return;
  const who = permission === 'owners:write' ? 'an owner' : 'an owner or admin';
  throw new DomainError(
    'permission_denied',
    `This needs the permission ${permission}, which the role ${account.role} does not have. Ask ${who}.`,
  );
}

/** Whether a change from the role `than` to `role` takes rights away. */
export function isLower(role: AccountRole, than: AccountRole): boolean {
  return ACCOUNT_ROLES.indexOf(role) > ACCOUNT_ROLES.indexOf(than);
}
