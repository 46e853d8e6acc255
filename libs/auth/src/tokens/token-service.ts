import { IsNull, MoreThan, Not, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { appendAudit, type Actor } from '#audit';
import type { Clock } from '#core';
import { AccessTokenEntity, StoredRequestEntity, nextChange, type Database } from '#database';
import {
  RESTORE_MS_MAX,
  WITHOUT_PREVIOUS,
  countedAnew,
  countsOf,
  findToken,
  requireNotExpired,
  requireNotRevoked,
  requireRestorable,
  unusedToken,
} from './token-changes.js';
import { mintSecret, mintToken } from './token-format.js';
import { requireMayOwnMore, requireOwnerEnabled } from './token-owner.js';
import { pageOfTokens, type TokenPage, type TokenPageQuery } from './token-page.js';
import { auditedToken, tokenRecordOf, type TokenRecord } from './token-record.js';
import { checkedGrace, columnsOf, expiryOf, type TokenSpec } from './token-spec.js';

/** A token that was made or rotated: `token` is shown once and kept nowhere. */
export interface IssuedToken {
  readonly token: string;
  readonly record: TokenRecord;
}

/**
 * Makes and changes access tokens. Every change is one transaction with its audit event and its change number, by which
 * the caches find it (TokenVerifier). The caller decides who may do it. Everything fails with `unavailable` without a
 * database.
 *
 * @example
 * ```ts
 * const { token, record } = await tokens.create(actor, { name: 'ci', expiresInDays: 30, scopes: ['encode'] });
 * await tokens.revoke(actor, record.id);
 * ```
 */
export class TokenService {
  constructor(private readonly options: { readonly database: Database; readonly clock: Clock }) {}

  /**
   * Makes a token.
   *
   * @throws DomainError `invalid_argument`, `permission_denied` for an owner that is disabled or gone, `conflict` for
   * an owner that has too many
   */
  async create(
    actor: Actor,
    spec: TokenSpec & {
      readonly expiresInDays: number | null;
      readonly ownerId?: string | null;
      readonly purpose?: 'playground';
    },
  ): Promise<IssuedToken> {
    const minted = mintToken();
    const entity: AccessTokenEntity = {
      ...unusedToken(minted),
      ...columnsOf(spec),
      ownerId: spec.ownerId ?? null,
      purpose: spec.purpose ?? null,
      createdAtMs: this.nowMs,
      createdBy: actor.id,
      expiresAtMs: expiryOf(spec.expiresInDays, this.nowMs),
    };
    await this.options.database.transaction(async (manager) => {
      entity.changeSeq = await nextChange(manager, 'tokens');
      await requireMayOwnMore(manager, entity.ownerId, this.nowMs);
      await manager.insert(AccessTokenEntity, entity);
      await this.audit(manager, actor, 'token.create', undefined, entity);
    });
    return { token: minted.token, record: this.recordOf(entity) };
  }

  /** The newest first; by default without those that were revoked or have expired. */
  async list({ ownerId, includeEnded = false }: { ownerId?: string; includeEnded?: boolean } = {}): Promise<
    TokenRecord[]
  > {
    const owned = ownerId === undefined ? {} : { ownerId };
    const where: FindOptionsWhere<AccessTokenEntity>[] = includeEnded
      ? [owned]
      : [IsNull(), MoreThan(this.nowMs)].map((expiresAtMs) => ({ ...owned, revokedAtMs: IsNull(), expiresAtMs }));
    const entities = await this.options.database.read((manager) =>
      manager.find(AccessTokenEntity, { where, order: { createdAtMs: 'DESC', id: 'ASC' } }),
    );
    return entities.map((entity) => this.recordOf(entity));
  }

  /** One page of what the console lists; see `pageOfTokens`. */
  async page(query: TokenPageQuery): Promise<TokenPage> {
    return pageOfTokens(this.options.database, query, this.nowMs);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<TokenRecord> {
    return this.recordOf(await this.options.database.read((manager) => findToken(manager, id)));
  }

  /**
   * Changes what is given and leaves the rest. `expiresInDays` counts from now, for a token that has not
   * expired.
   *
   * @throws DomainError `invalid_argument`, `not_found`, or `conflict` for a revoked token
   */
  async update(
    actor: Actor,
    id: string,
    { expiresInDays, ...spec }: Partial<TokenSpec> & { readonly expiresInDays?: number | null },
  ): Promise<TokenRecord> {
    return this.change(actor, 'token.update', id, (entity) => {
      requireNotRevoked(entity);
      Object.assign(entity, columnsOf(spec, entity));
      if (expiresInDays === undefined) return;
      requireNotExpired(entity.expiresAtMs, this.nowMs);
      entity.expiresAtMs = expiryOf(expiresInDays, this.nowMs);
    });
  }

  /**
   * Gives the token a new secret under the same id, so that usage and limits go on. The old secret works for `graceMs`
   * more (0 to 7 days); one that is still in grace from the rotation before ends now.
   *
   * @throws DomainError `invalid_argument`, `not_found`, or `conflict` for a token that was revoked or has expired
   */
  async rotate(actor: Actor, id: string, { graceMs }: { readonly graceMs: number }): Promise<IssuedToken> {
    const grace = checkedGrace(graceMs);
    let token = '';
    const record = await this.change(actor, 'token.rotate', id, (entity) => {
      requireNotRevoked(entity);
      requireNotExpired(entity.expiresAtMs, this.nowMs);
      const minted = mintSecret(entity.lookup);
      token = minted.token;
      entity.previousSecretSha256 = grace === 0 ? null : entity.secretSha256;
      entity.previousValidUntilMs = grace === 0 ? null : this.nowMs + grace;
      entity.secretSha256 = minted.secretSha256;
      Object.assign(entity, countedAnew(entity, this.nowMs));
    });
    return { token, record };
  }

  /**
   * Ends the grace of the secret before the last rotation now; without one nothing changes.
   *
   * @throws DomainError `not_found`, or `conflict` for a revoked token
   */
  async endGrace(actor: Actor, id: string): Promise<TokenRecord> {
    const before = await this.get(id);
    if (before.graceUntilMs === null && before.status !== 'revoked') return before;
    return this.change(actor, 'token.end-grace', id, (entity) => {
      requireNotRevoked(entity);
      Object.assign(entity, WITHOUT_PREVIOUS);
    });
  }

  /**
   * Ends a token; `restore` can undo it within RESTORE_MS_MAX. One that was revoked before stays as it is. A secret in
   * grace ends for good.
   *
   * @param forGood whether nobody may restore it
   * @throws DomainError `not_found`
   */
  async revoke(actor: Actor, id: string, { forGood = false }: { forGood?: boolean } = {}): Promise<TokenRecord> {
    const before = await this.get(id);
    if (before.status === 'revoked') return before;
    return this.options.database.transaction(async (manager) => {
      const changeSeq = await nextChange(manager, 'tokens');
      const entity = await findToken(manager, id);
      const restorableUntilMs = forGood ? null : this.nowMs + RESTORE_MS_MAX;
      await this.revokeOne(manager, actor, entity, { changeSeq, restorableUntilMs });
      return this.recordOf(entity);
    });
  }

  /**
   * Takes a revocation back: the token works again with the secret, the scopes and the expiry that it had. Only within
   * RESTORE_MS_MAX of `revoke`, and never once its account was disabled, removed or given a lower role
   * (`revokeAllOf`).
   *
   * @throws DomainError `not_found`; `conflict` when it is too late, for one that was revoked with its account, or has
   * expired; `permission_denied` for an owner that is disabled or gone
   */
  async restore(actor: Actor, id: string): Promise<TokenRecord> {
    const before = await this.get(id);
    if (before.status !== 'revoked') return before;
    return this.options.database.transaction(async (manager) => {
      const changeSeq = await nextChange(manager, 'tokens');
      const entity = await findToken(manager, id);
      if (entity.revokedAtMs === null) return this.recordOf(entity);
      requireRestorable(entity, this.nowMs);
      await requireOwnerEnabled(manager, entity.ownerId);
      const audited = auditedToken(entity);
      const changes = { revokedAtMs: null, restorableUntilMs: null, changeSeq };
      await manager.update(AccessTokenEntity, { id }, changes);
      Object.assign(entity, changes);
      await this.audit(manager, actor, 'token.restore', audited, entity);
      return this.recordOf(entity);
    });
  }

  /**
   * Revokes every token of an account in the caller's transaction, and answers how many. Counters are locked in the
   * order accounts, tokens, audit: append your own audit event after this call, or two transactions could wait for each
   * other.
   */
  async revokeAllOf(manager: EntityManager, actor: Actor, ownerId: string): Promise<number> {
    const changeSeq = await nextChange(manager, 'tokens');
    const where = { ownerId, revokedAtMs: IsNull() };
    // TokenUses locks rows in the same order.
    const entities = await manager.find(AccessTokenEntity, { where, order: { id: 'ASC' } });
    for (const entity of entities) await this.revokeOne(manager, actor, entity, { changeSeq, restorableUntilMs: null });
    // What the person revoked a moment before comes back no more, either.
    const undoable = { ownerId, restorableUntilMs: Not(IsNull()) };
    await manager.update(AccessTokenEntity, undoable, { restorableUntilMs: null });
    return entities.length;
  }

  private async revokeOne(
    manager: EntityManager,
    actor: Actor,
    entity: AccessTokenEntity,
    end: Pick<AccessTokenEntity, 'changeSeq' | 'restorableUntilMs'>,
  ): Promise<void> {
    if (entity.revokedAtMs !== null) return;
    const before = auditedToken(entity);
    const changes = { ...end, ...WITHOUT_PREVIOUS, revokedAtMs: this.nowMs };
    Object.assign(entity, changes);
    await manager.update(AccessTokenEntity, { id: entity.id }, changes);
    await manager.delete(StoredRequestEntity, { principalId: entity.id });
    await this.audit(manager, actor, 'token.revoke', before, entity);
  }

  /** Locks the counter first: changes of tokens follow one another, and none is lost. */
  private change(
    actor: Actor,
    action: string,
    id: string,
    apply: (entity: AccessTokenEntity) => void,
  ): Promise<TokenRecord> {
    return this.options.database.transaction(async (manager) => {
      const changeSeq = await nextChange(manager, 'tokens');
      const entity = await findToken(manager, id);
      const before = auditedToken(entity);
      const rotatedBeforeMs = entity.rotatedAtMs;
      apply(entity);
      const { name, scopes, models, limits, storesInputs, expiresAtMs } = entity;
      const { secretSha256, previousSecretSha256, previousValidUntilMs, rotatedAtMs } = entity;
      await manager.update(
        AccessTokenEntity,
        { id },
        {
          ...{ name, scopes, models, limits, storesInputs, expiresAtMs, changeSeq },
          ...{ secretSha256, previousSecretSha256, previousValidUntilMs },
          // Between rotations TokenUses alone writes the counts.
          ...(rotatedAtMs === rotatedBeforeMs ? {} : countsOf(entity)),
        },
      );
      await this.audit(manager, actor, action, before, entity);
      return this.recordOf(entity);
    });
  }

  private audit(
    manager: EntityManager,
    actor: Actor,
    action: string,
    before: unknown,
    entity: AccessTokenEntity,
  ): Promise<void> {
    const target = { kind: 'token', id: entity.id, name: entity.name };
    const states = before === undefined ? {} : { before };
    return appendAudit(manager, { actor, action, target, ...states, after: auditedToken(entity) }, this.nowMs);
  }

  private recordOf(entity: AccessTokenEntity): TokenRecord {
    return tokenRecordOf(entity, this.nowMs);
  }

  private get nowMs(): number {
    return this.options.clock.wallMs();
  }
}
