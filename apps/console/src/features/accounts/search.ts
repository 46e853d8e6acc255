import type { Schemas } from '../../api/client.js';
import { addressField } from '../../format/address-text.js';

export type Role = Schemas['AccountView']['role'];

/** The roles, from the one that may do most, with what each is for. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: 'Owns the service: everything, owners included',
  admin: 'Looks after tokens, people and models',
  member: 'Makes tokens for itself, and sees only what is its own',
  viewer: 'Sees everything but secrets, and changes nothing',
};

export const ROLES: readonly Role[] = ['owner', 'admin', 'member', 'viewer'];

/** What the address of the list holds. */
export interface AccountSearch {
  /** A part of the address or the name. */
  readonly search?: string;
  readonly role?: Role;
  /** Whether the window for an invitation is open. */
  readonly invite?: true;
}

/** Takes of an address what is understood, and leaves the rest. */
export function parseAccountSearch(given: Record<string, unknown>): AccountSearch {
  const { search, role } = given;
  const known = ROLES.find((one) => one === role);
  return {
    ...addressField('search', search),
    ...(known === undefined ? {} : { role: known }),
    ...(given['invite'] === true ? { invite: true } : {}),
  };
}
