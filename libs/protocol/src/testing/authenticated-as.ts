import { anonymous, authenticatedAnonymous, DomainError, isAnonymous } from '#core';
import type { Authenticated, Credential, Principal } from '#core';
import { isUnauthenticated, withoutCredential } from '../request/caller.js';

const principals = new Map<string, Principal>();

/** For specs: a principal as authentication answers it. `recheckSample` finds it again by its credential. */
export function authenticatedAs(principal: Principal): Authenticated {
  if (isAnonymous(principal)) return { ...authenticatedAnonymous, principal };
  if (isUnauthenticated(principal)) return withoutCredential;
  principals.set(principal.id, principal);
  return { principal, credential: { tokenId: principal.id, secretSha256: 'a digest' } };
}

/** For specs: the principal that `authenticatedAs` was called with last for this credential. */
export function recheckSample(credential: Credential): Principal {
  if (credential === 'none') return anonymous;
  const principal = principals.get(credential.tokenId);
  if (principal) return principal;
  throw new DomainError('unauthenticated', 'No spec has made this credential.');
}
