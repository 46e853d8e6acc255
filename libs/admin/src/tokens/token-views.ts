import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { conditionsOf, OFTEN_SHARE, TokenService, type TokenRecord } from '#auth';
import type { Clock } from '#core';
import { AccountEntity, Database } from '#database';
import { UsageRecorder, type DayOfUsage } from '#metering';
import { callerMay, type Caller } from '../access/caller.js';
import { CLOCK } from '../services/admin-services.js';
import { PAGE_TOKENS, type TokenList, type TokenQuery } from './token-list.dto.js';
import type { TokenOwnerView, TokenView } from './token.dto.js';

const DAY_MS = 86_400_000;
/** Days of use that a row shows, today included. */
const DAYS = 7;

/** Tokens as the API shows them: with their owners, their use of the last days, and what there is to say of them. */
@Injectable()
export class TokenViews {
  constructor(
    private readonly tokens: TokenService,
    private readonly usage: UsageRecorder,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A page of the tokens that the caller may see: a handful of statements, however many tokens there are. */
  async page(query: TokenQuery, caller: Caller): Promise<TokenList> {
    const ownerId = ownerOf(query, caller);
    if (ownerId === NOBODY) return { tokens: [], cursor: null, total: 0 };
    const { status: condition, scope, model, name, order, ended, limit = PAGE_TOKENS, cursor: after } = query;
    const ids = await this.idsWith(condition);
    const filter = { ownerId, condition, ids, scope, model, name, order, after, limit, includeEnded: ended === 'true' };
    const { records, next, total } = await this.tokens.page(filter);
    return { tokens: await this.viewsOf(records), cursor: next ?? null, total };
  }

  /** One token. */
  async viewOf(record: TokenRecord): Promise<TokenView> {
    const [view] = await this.viewsOf([record]);
    if (view === undefined) throw new TypeError('A record has a view.');
    return view;
  }

  private async viewsOf(records: readonly TokenRecord[]): Promise<TokenView[]> {
    const nowMs = this.clock.wallMs();
    const principalIds = records.map(({ id }) => id);
    const [owners, days] = await Promise.all([
      this.ownersOf(records),
      this.usage.days({ principalIds, nowMs, days: DAYS }),
    ]);
    return records.map((record) => {
      const used = days.get(record.id) ?? [];
      return {
        ...record,
        owner: owners.get(record.ownerId ?? '') ?? null,
        conditions: conditionsOf(record, sumOf(used), nowMs),
        days: used,
      };
    });
  }

  private async ownersOf(records: readonly TokenRecord[]): Promise<ReadonlyMap<string, TokenOwnerView>> {
    const ids = [...new Set(records.flatMap(({ ownerId }) => (ownerId === null ? [] : [ownerId])))];
    if (ids.length === 0) return new Map();
    const select = { id: true, name: true, email: true };
    const found = await this.database.read((manager) =>
      manager.find(AccountEntity, { select, where: { id: In(ids) } }),
    );
    return new Map(found.map(({ id, name, email }) => [id, { id, name, email }]));
  }

  /** The tokens that have a condition which follows from usage; undefined for one that the token itself tells. */
  private async idsWith(condition: TokenQuery['status']): Promise<readonly string[] | undefined> {
    if (condition !== 'refused_often' && condition !== 'limited_often') return undefined;
    const by = condition === 'refused_often' ? 'denied' : 'refused';
    const today = Math.floor(this.clock.wallMs() / DAY_MS) * DAY_MS;
    return this.usage.oftenTurnedAway({ by, share: OFTEN_SHARE, fromMs: today - (DAYS - 1) * DAY_MS });
  }
}

const NOBODY = Symbol('nobody');

/** Whose tokens are asked for; those of others do not exist for a member. */
function ownerOf({ owner }: TokenQuery, caller: Caller): string | null | undefined | typeof NOBODY {
  if (callerMay(caller, 'tokens:read')) return owner === 'host' ? null : owner;
  return caller.account?.id ?? NOBODY;
}

function sumOf(days: readonly DayOfUsage[]): { requests: number; refused: number; denied: number } {
  const sum = (of: 'requests' | 'refused' | 'denied'): number => days.reduce((total, day) => total + day[of], 0);
  return { requests: sum('requests'), refused: sum('refused'), denied: sum('denied') };
}
