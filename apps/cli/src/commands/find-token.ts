import { TOKEN_PREFIX, type TokenRecord } from '#auth';
import { DomainError } from '#core';
import type { AccessBackend } from '../backend/access-backend.js';

/** The length of `cas_pat_` and the 12 characters of a token's public part. */
const PUBLIC_PART_LENGTH = TOKEN_PREFIX.length + 12;

/**
 * Finds the token that a person names by its id, its public part or its name. Of tokens with one name, those of `first`
 * come before the others: those that still work, unless the command is about ones that do not.
 *
 * @throws DomainError `not_found`; `conflict` with the ids when several tokens have the name; `invalid_argument` for a
 * whole token, which does not belong into a command line
 */
export async function findToken(
  backend: AccessBackend,
  reference: string,
  first: TokenRecord['status'] = 'active',
): Promise<TokenRecord> {
  if (reference.startsWith(TOKEN_PREFIX) && reference.length > PUBLIC_PART_LENGTH) throw wholeToken();
  const all = await backend.listTokens({ includeEnded: true });
  const exact = all.find(({ id, publicPart }) => id === reference || publicPart === reference);
  if (exact !== undefined) return exact;
  const named = all.filter(({ name }) => name === reference);
  const preferred = named.filter(({ status }) => status === first);
  const meant = preferred.length > 0 ? preferred : named;
  if (meant.length > 1) throw ambiguous(reference, meant);
  const [found] = meant;
  if (found !== undefined) return found;
  throw new DomainError('not_found', `There is no token ${JSON.stringify(reference)}. See: cas auth token list --all`);
}

function ambiguous(name: string, records: readonly TokenRecord[]): DomainError {
  const ids = records.map(({ id, publicPart }) => `${id} (${publicPart})`).join(', ');
  return new DomainError(
    'conflict',
    `${records.length} tokens are named ${JSON.stringify(name)}; give the id of one: ${ids}`,
  );
}

function wholeToken(): DomainError {
  return new DomainError(
    'invalid_argument',
    'Name the token by its name, its id or its public part (its first 20 characters), never by the whole of it: the shell ' +
      'writes down what is typed, and this one should be revoked now.',
  );
}
