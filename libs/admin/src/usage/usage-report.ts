import { Inject, Injectable } from '@nestjs/common';
import { TokenService, type TokenRecord } from '#auth';
import { DomainError, type Clock } from '#core';
import { UsageRecorder, USAGE_PARTS, type UsageSum } from '#metering';
import { callerMay, type Caller } from '../access/caller.js';
import { CLOCK } from '../services/admin-services.js';
import { instantOf } from '../http/instant.js';
import { PART_OF, type UsageAnswer, type UsageFilter, type UsageRowView } from './usage.dto.js';

const DAY_MS = 86_400_000;

/** The longest time that one question covers, by hours and otherwise; the recorder bounds the rows of an answer. */
const DAYS_MAX_BY_HOUR = 92;
const DAYS_MAX = 5 * 366;

/** How much was used, as one caller may see it. */
@Injectable()
export class UsageReport {
  constructor(
    private readonly recorder: UsageRecorder,
    private readonly tokens: TokenService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `invalid_argument` for a time that is no span, or too many rows */
  async of(caller: Caller, filter: UsageFilter): Promise<UsageAnswer> {
    const { by = 'day', per = ['token', 'model'], model, protocol, outcome } = filter;
    const period = this.periodOf(filter);
    const tokens = await this.visible(caller);
    const principalIds = principalsOf(filter, tokens, callerMay(caller, 'usage:read'));
    const parts = USAGE_PARTS.filter((part) => per.some((one) => PART_OF[one] === part));
    const narrowed = {
      ...(principalIds === undefined ? {} : { principalIds }),
      ...(model === undefined ? {} : { model }),
      ...(protocol === undefined ? {} : { protocol }),
      ...(outcome === undefined ? {} : { outcome }),
    };
    const sums = await this.recorder.queryBy({ ...period, by, ...narrowed }, parts);
    const names = new Map(tokens.map(({ id, name }) => [id, name]));
    return { ...period, totals: totalsOf(sums), rows: sums.map((sum) => rowOf(sum, names)) };
  }

  private periodOf({ from, to, by }: UsageFilter): { fromMs: number; toMs: number } {
    const toMs = to === undefined ? this.clock.wallMs() : instantOf(to);
    const fromMs = from === undefined ? toMs - 30 * DAY_MS : instantOf(from);
    const daysMax = by === 'hour' ? DAYS_MAX_BY_HOUR : DAYS_MAX;
    if (fromMs < toMs && toMs - fromMs <= daysMax * DAY_MS) return { fromMs, toMs };
    throw new DomainError('invalid_argument', `from must be before to, by no more than ${daysMax} days.`);
  }

  private visible(caller: Caller): Promise<TokenRecord[]> {
    if (callerMay(caller, 'usage:read')) return this.tokens.list({ includeEnded: true });
    const ownerId = caller.account?.id;
    return ownerId === undefined ? Promise.resolve([]) : this.tokens.list({ ownerId, includeEnded: true });
  }
}

/** Undefined = everybody. A token that the caller may not see has no use that it may see. */
function principalsOf(
  { token }: UsageFilter,
  visible: readonly TokenRecord[],
  seesAll: boolean,
): readonly string[] | undefined {
  if (seesAll) return token === undefined ? undefined : [token];
  const own = visible.map(({ id }) => id);
  return token === undefined ? own : own.filter((id) => id === token);
}

function rowOf({ principalId, ...sum }: UsageSum, names: ReadonlyMap<string, string>): UsageRowView {
  return principalId === undefined ? sum : { tokenId: principalId, tokenName: names.get(principalId) ?? null, ...sum };
}

function totalsOf(sums: readonly UsageSum[]): UsageAnswer['totals'] {
  const totals = { requests: 0, items: 0, refused: 0, denied: 0 };
  for (const { requests, items, refused, denied } of sums) {
    totals.requests += requests;
    totals.items += items;
    totals.refused += refused;
    totals.denied += denied;
  }
  return totals;
}
