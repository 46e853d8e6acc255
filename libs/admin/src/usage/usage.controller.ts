import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TokenService, type TokenRecord } from '#auth';
import { DomainError, type Clock } from '#core';
import { UsageRecorder } from '#metering';
import { callerMay, Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { CLOCK } from '../services/admin-services.js';
import { instantOf } from '../http/instant.js';
import { UsageAnswer, UsageFilter } from './usage.dto.js';

const DAY_MS = 86_400_000;

/** The longest time that one question covers, by hours and otherwise; the recorder bounds the rows of an answer. */
const DAYS_MAX_BY_HOUR = 92;
const DAYS_MAX = 5 * 366;

/** How much was used, by token, model and time. */
@Controller('api/usage')
@ApiTags('usage')
export class UsageController {
  constructor(
    private readonly recorder: UsageRecorder,
    private readonly tokens: TokenService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('usage:read-own')
  @ApiOperation({ summary: 'Requests and items by token, model and hour or day; members see their own tokens' })
  @ApiOkResponse({ type: UsageAnswer })
  async usage(@Query() filter: UsageFilter, @Calling() caller: Caller): Promise<UsageAnswer> {
    const { model, by = 'day' } = filter;
    const period = this.periodOf(filter);
    const tokens = await this.visible(caller);
    const principalIds = principalsOf(filter, tokens, callerMay(caller, 'usage:read'));
    const rows = await this.recorder.query({
      ...period,
      by,
      ...(principalIds === undefined ? {} : { principalIds }),
      ...(model === undefined ? {} : { model }),
    });
    const names = new Map(tokens.map(({ id, name }) => [id, name]));
    return {
      ...period,
      rows: rows.map(({ principalId: tokenId, ...row }) => ({
        tokenId,
        tokenName: names.get(tokenId) ?? null,
        ...row,
      })),
    };
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
