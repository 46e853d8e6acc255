import { MoreThan, type EntityManager } from 'typeorm';
import type { Clock } from '#core';
import { AccessTokenEntity, currentChange, type Database } from '#database';
import { CACHED_COLUMNS, TokenCache } from './token-cache.js';

const PAGE_ROWS = 1000;
/** A token that ended is refused with the reason for a week; then it is refused as one that never was. */
export const ENDED_KEPT_MS = 7 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

const CACHED = Object.fromEntries(CACHED_COLUMNS.map((column) => [column, true]));

/** Keeps a TokenCache equal to the database: reads everything once, then each row with a higher change number. */
export class TokenCacheSync {
  private current = new TokenCache();
  /** Every change up to this number is in the cache; undefined before the first load. */
  private seen: number | undefined;
  private forgotAtMs = 0;

  constructor(
    private readonly database: Pick<Database, 'read'>,
    private readonly clock: Clock,
  ) {}

  get cache(): TokenCache {
    return this.current;
  }

  /** One query of one row when nothing has changed. @throws DomainError `unavailable`; the cache stays usable */
  async refresh(): Promise<void> {
    await this.database.read(async (manager) => {
      const latest = await currentChange(manager, 'tokens');
      // A counter that went back means another database, one that was restored.
      if (this.seen === undefined || latest < this.seen) await this.load(manager, latest);
      else if (latest > this.seen) await this.apply(manager, this.seen, latest);
    });
    this.forget();
  }

  /** A row that changes while the pages are read has a number above `latest`, so the next refresh reads it again. */
  private async load(manager: EntityManager, latest: number): Promise<void> {
    const cache = new TokenCache();
    let lastId = '';
    for (;;) {
      const rows = await pageOfKept(manager, lastId, this.clock.wallMs() - ENDED_KEPT_MS);
      for (const row of rows) cache.put(row);
      lastId = rows.at(-1)?.id ?? lastId;
      if (rows.length < PAGE_ROWS) break;
    }
    this.current = cache;
    this.seen = latest;
  }

  /** Without pages: in the moments since the last refresh people change few tokens. */
  private async apply(manager: EntityManager, seen: number, latest: number): Promise<void> {
    const changed = { changeSeq: MoreThan(seen) };
    const rows = await manager.find(AccessTokenEntity, {
      select: CACHED,
      where: changed,
      order: { changeSeq: 'ASC' },
    });
    for (const row of rows) this.current.put(row);
    this.seen = latest;
  }

  private forget(): void {
    const nowMs = this.clock.wallMs();
    if (Math.abs(nowMs - this.forgotAtMs) < FORGET_EVERY_MS) return;
    this.forgotAtMs = nowMs;
    this.current.forgetEndedBefore(nowMs - ENDED_KEPT_MS);
  }
}

/** Tokens that have not ended before `keptFromMs`, in the order of their ids. */
async function pageOfKept(manager: EntityManager, afterId: string, keptFromMs: number): Promise<AccessTokenEntity[]> {
  return manager
    .createQueryBuilder(AccessTokenEntity, 'token')
    .select(CACHED_COLUMNS.map((column) => `token.${column}`))
    .where('token.id > :afterId', { afterId })
    .andWhere('(token.revokedAtMs IS NULL OR token.revokedAtMs > :keptFromMs)')
    .andWhere('(token.expiresAtMs IS NULL OR token.expiresAtMs > :keptFromMs)', { keptFromMs })
    .orderBy('token.id')
    .limit(PAGE_ROWS)
    .getMany();
}
