import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, type EntityManager } from 'typeorm';
import { SESSION_IDLE_MS_MAX, type Account } from '#auth';
import type { Clock } from '#core';
import { AccessTokenEntity, AccountSessionEntity, Database, OneTimeLinkEntity } from '#database';
import { CLOCK } from '../services/admin-services.js';
import type { AccountRowView, PendingLinkView } from './account-list.dto.js';

/** Accounts as a list shows them: with their tokens, sessions and links. One statement for each of these. */
@Injectable()
export class AccountRows {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(accounts: readonly Account[]): Promise<AccountRowView[]> {
    if (accounts.length === 0) return [];
    const nowMs = this.clock.wallMs();
    const ids = accounts.map(({ id }) => id);
    const { tokens, sessions, links } = await this.database.read(async (manager) => ({
      tokens: await livingTokens(manager, ids, nowMs),
      sessions: await livingSessions(manager, ids, nowMs),
      links: await unusedLinks(manager, ids, nowMs),
    }));
    return accounts.map((account) => {
      const session = sessions.get(account.id);
      const seen = [account.lastLoginAtMs, session?.lastSeenAtMs].filter((ms) => typeof ms === 'number');
      return {
        ...account,
        tokens: tokens.get(account.id) ?? 0,
        sessions: session?.count ?? 0,
        lastSeenAtMs: seen.length === 0 ? null : Math.max(...seen),
        link: links.get(account.id) ?? null,
      };
    });
  }
}

async function livingTokens(
  manager: EntityManager,
  ids: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await manager
    .createQueryBuilder(AccessTokenEntity, 'token')
    .select('token.owner_id', 'id')
    .addSelect('COUNT(*)', 'count')
    .where({ ownerId: In([...ids]), revokedAtMs: IsNull() })
    .andWhere('(token.expires_at_ms IS NULL OR token.expires_at_ms > :nowMs)', { nowMs })
    .groupBy('token.owner_id')
    .getRawMany<{ id: string; count: number | string }>();
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}

async function livingSessions(
  manager: EntityManager,
  ids: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, { count: number; lastSeenAtMs: number }>> {
  const rows = await manager
    .createQueryBuilder(AccountSessionEntity, 'session')
    .select('session.account_id', 'id')
    .addSelect('COUNT(*)', 'count')
    .addSelect('MAX(session.last_seen_at_ms)', 'seen')
    .where({
      accountId: In([...ids]),
      expiresAtMs: MoreThan(nowMs),
      lastSeenAtMs: MoreThan(nowMs - SESSION_IDLE_MS_MAX),
    })
    .groupBy('session.account_id')
    .getRawMany<{ id: string; count: number | string; seen: number | string }>();
  return new Map(rows.map(({ id, count, seen }) => [id, { count: Number(count), lastSeenAtMs: Number(seen) }]));
}

/** An account has one unused link at most: a newer one ends the older. */
async function unusedLinks(
  manager: EntityManager,
  ids: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, PendingLinkView>> {
  const where = { accountId: In([...ids]), usedAtMs: IsNull() };
  const links = await manager.find(OneTimeLinkEntity, { where });
  return new Map(
    links.flatMap(({ accountId, purpose, expiresAtMs }) =>
      accountId === null || purpose === 'setup'
        ? []
        : [[accountId, { purpose, expiresAtMs, isExpired: expiresAtMs <= nowMs }] as const],
    ),
  );
}
