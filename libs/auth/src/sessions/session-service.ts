import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { In, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { DomainError, type Clock } from '#core';
import { AccountEntity, AccountSessionEntity, type AccountRole, type Database } from '#database';
import { findAccount, requireEnabled } from '../accounts/account-changes.js';
import { accountOf } from '../accounts/account.js';
import { isSecret, newSecret, sha256 } from '../secrets/secrets.js';
import { SessionCache } from './session-cache.js';
import { sessionOf, type ResolvedSession, type Session } from './session.js';

/** A session ends after SESSION_IDLE_MS_MAX without a request, and SESSION_LIFETIME_MS after it began. */
export const SESSION_IDLE_MS_MAX = 12 * 3_600_000;
export const SESSION_LIFETIME_MS = 7 * 24 * 3_600_000;

/** Sessions of the console: a random secret in an http-only cookie, of which only the SHA-256 is stored. */
export class SessionService {
  private readonly cache: SessionCache;

  constructor(private readonly options: { readonly database: Database; readonly clock: Clock }) {
    this.cache = new SessionCache(options.clock);
  }

  /**
   * Logs an account in on one browser. The secret goes into the cookie and is shown this once. Deletes dead sessions.
   *
   * @throws DomainError `not_found` or `permission_denied` when the account was removed or disabled since its check
   */
  async create(
    account: { readonly id: string },
    { from, userAgent }: { readonly from: string; readonly userAgent: string },
  ): Promise<{ secret: string; session: Session }> {
    const secret = newSecret();
    const nowMs = this.options.clock.wallMs();
    const entity: AccountSessionEntity = {
      id: randomUUID(),
      accountId: account.id,
      secretSha256: sha256(secret),
      createdAtMs: nowMs,
      lastSeenAtMs: nowMs,
      expiresAtMs: nowMs + SESSION_LIFETIME_MS,
      fromAddress: from.slice(0, 100),
      userAgent: userAgent.slice(0, 500),
    };
    await this.options.database.transaction(async (manager) => {
      requireEnabled(await findAccount(manager, account.id));
      await manager.delete(AccountSessionEntity, this.dead(nowMs));
      await manager.insert(AccountSessionEntity, entity);
    });
    return { secret, session: sessionOf(entity) };
  }

  /**
   * Whom a cookie's secret speaks for. Keeps answers for a second, so a session that another process ended counts for
   * at most that much longer. Writes `lastSeenAtMs` at most once a minute.
   *
   * @throws DomainError `unauthenticated` for a secret that is unknown, or whose session ended or expired
   */
  async resolve(secret: string): Promise<ResolvedSession> {
    if (!isSecret(secret)) throw loggedOut();
    const key = sha256(secret);
    const kept = this.cache.get(key);
    if (kept !== undefined) return kept;
    const resolved = await this.load(key);
    const seen = await this.noteSeen(resolved);
    this.cache.set(key, seen);
    return seen;
  }

  /**
   * The roles of those of these sessions (at most a few hundred) that have not ended, by the sessions' ids. That does
   * not count as a use of them: a page that is left open keeps nobody logged in.
   */
  async rolesOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, AccountRole>> {
    const nowMs = this.options.clock.wallMs();
    return this.options.database.read(async (manager) => {
      const living = { expiresAtMs: MoreThan(nowMs), lastSeenAtMs: MoreThan(nowMs - SESSION_IDLE_MS_MAX) };
      const sessions = await manager.findBy(AccountSessionEntity, { id: In([...sessionIds]), ...living });
      const accountIds = [...new Set(sessions.map(({ accountId }) => accountId))];
      const accounts = await manager.findBy(AccountEntity, { id: In(accountIds), disabledAtMs: IsNull() });
      const roles = new Map(accounts.map(({ id, role }) => [id, role]));
      return new Map(
        sessions.flatMap(({ id, accountId }) => {
          const role = roles.get(accountId);
          return role === undefined ? [] : [[id, role] as const];
        }),
      );
    });
  }

  /** Ends one session of an account, by its id; one that is not there has ended already. */
  async end(accountId: string, sessionId: string): Promise<void> {
    await this.options.database.transaction((manager) =>
      manager.delete(AccountSessionEntity, { id: sessionId, accountId }),
    );
    this.cache.drop(accountId);
  }

  /** Ends every session of an account, but for one where given, in the caller's transaction. */
  async endAllOf(manager: EntityManager, accountId: string, exceptSessionId?: string): Promise<void> {
    const others = exceptSessionId === undefined ? {} : { id: Not(exceptSessionId) };
    await manager.delete(AccountSessionEntity, { accountId, ...others });
    this.cache.drop(accountId);
  }

  /** The sessions of an account that have not ended, the latest used first. */
  async listOf(accountId: string): Promise<Session[]> {
    const nowMs = this.options.clock.wallMs();
    const found = await this.options.database.read((manager) =>
      manager.find(AccountSessionEntity, {
        where: { accountId, expiresAtMs: MoreThan(nowMs), lastSeenAtMs: MoreThan(nowMs - SESSION_IDLE_MS_MAX) },
        order: { lastSeenAtMs: 'DESC' },
      }),
    );
    return found.map(sessionOf);
  }

  private dead(nowMs: number): object[] {
    return [{ expiresAtMs: LessThanOrEqual(nowMs) }, { lastSeenAtMs: LessThanOrEqual(nowMs - SESSION_IDLE_MS_MAX) }];
  }

  private async load(secretSha256: string): Promise<ResolvedSession> {
    const nowMs = this.options.clock.wallMs();
    return this.options.database.read(async (manager) => {
      const session = await manager.findOneBy(AccountSessionEntity, { secretSha256 });
      if (session === null || session.expiresAtMs <= nowMs || session.lastSeenAtMs <= nowMs - SESSION_IDLE_MS_MAX) {
        throw loggedOut();
      }
      const account = await manager.findOneBy(AccountEntity, { id: session.accountId });
      if (account === null || account.disabledAtMs !== null) throw loggedOut();
      return { account: accountOf(account), session: sessionOf(session) };
    });
  }

  private async noteSeen(resolved: ResolvedSession): Promise<ResolvedSession> {
    const { id, lastSeenAtMs } = resolved.session;
    const nowMs = this.options.clock.wallMs();
    if (nowMs - lastSeenAtMs < SEEN_EVERY_MS) return resolved;
    await this.options.database.transaction((manager) =>
      manager.update(AccountSessionEntity, { id }, { lastSeenAtMs: nowMs }),
    );
    return { ...resolved, session: { ...resolved.session, lastSeenAtMs: nowMs } };
  }
}

const SEEN_EVERY_MS = 60_000;

function loggedOut(): DomainError {
  return new DomainError('unauthenticated', 'You are not logged in, or the session has ended. Log in again.');
}
