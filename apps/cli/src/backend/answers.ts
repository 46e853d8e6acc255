import { ACCOUNT_ROLES, type Account, type IssuedToken, type TokenRecord } from '#auth';
import { isScope, USAGE_LIMIT_NAMES, type UsageLimits } from '#core';
import type { Identity, Link, TokenUse } from './access-backend.js';
import { Fields } from './fields.js';

/** What the admin API says of a token. A scope of a newer server that this command does not know is left out. */
export function tokenOf(json: unknown): TokenRecord {
  const fields = Fields.of(json);
  return {
    id: fields.text('id'),
    publicPart: fields.text('publicPart'),
    name: fields.text('name'),
    ownerId: fields.textOrNull('ownerId'),
    scopes: fields.texts('scopes').filter(isScope),
    models: fields.has('models') ? fields.texts('models') : null,
    limits: limitsOf(fields.inner('limits')),
    createdAtMs: fields.number('createdAtMs'),
    createdBy: fields.text('createdBy'),
    expiresAtMs: fields.numberOrNull('expiresAtMs'),
    revokedAtMs: fields.numberOrNull('revokedAtMs'),
    graceUntilMs: fields.numberOrNull('graceUntilMs'),
    status: fields.oneOf('status', ['active', 'expired', 'revoked']),
    lastUsed: fields.has('lastUsed') ? lastUseOf(fields.inner('lastUsed')) : null,
  };
}

/** A token that was made or rotated. */
export function issuedTokenOf(json: unknown): IssuedToken {
  const fields = Fields.of(json);
  return { token: fields.text('token'), record: tokenOf(fields.raw('record')) };
}

export function accountOf(json: unknown): Account {
  const fields = Fields.of(json);
  return {
    id: fields.text('id'),
    email: fields.text('email'),
    name: fields.text('name'),
    role: fields.oneOf('role', ACCOUNT_ROLES),
    status: fields.oneOf('status', ['active', 'invited', 'disabled']),
    hasPassword: fields.flag('hasPassword'),
    hasSingleSignOn: fields.flag('hasSingleSignOn'),
    createdAtMs: fields.number('createdAtMs'),
    lastLoginAtMs: fields.numberOrNull('lastLoginAtMs'),
  };
}

export function linkOf(json: unknown): Link {
  const fields = Fields.of(json);
  return { url: fields.text('url'), expiresAtMs: fields.number('expiresAtMs') };
}

export function useOf(json: unknown): TokenUse {
  const fields = Fields.of(json);
  return {
    startMs: fields.number('startMs'),
    tokenId: fields.text('tokenId'),
    tokenName: fields.textOrNull('tokenName'),
    model: fields.text('model'),
    requests: fields.number('requests'),
    items: fields.number('items'),
    refused: fields.number('refused'),
  };
}

/** Who the server at `where` takes the caller for. */
export function identityOf(json: unknown, where: string): Identity {
  const fields = Fields.of(json);
  const name = fields.has('account') ? fields.inner('account').text('email') : 'a token made on the host';
  return { where, name, role: fields.oneOf('role', ACCOUNT_ROLES), permissions: fields.texts('permissions') };
}

function limitsOf(fields: Fields): UsageLimits {
  const given = USAGE_LIMIT_NAMES.filter((name) => fields.has(name));
  return Object.fromEntries(given.map((name) => [name, fields.number(name)]));
}

function lastUseOf(fields: Fields): TokenRecord['lastUsed'] {
  return {
    atMs: fields.number('atMs'),
    from: fields.textOrNull('from'),
    protocol: fields.textOrNull('protocol'),
    model: fields.textOrNull('model'),
  };
}
