import { Inject, Injectable } from '@nestjs/common';
import { TokenService, type TokenRecord } from '#auth';
import type { Clock, UsageLimits } from '#core';
import { Database } from '#database';
import { limitStandings, SERVICE_SUBJECT, UsageRecorder, type LimitStanding } from '#metering';
import { callerMay, type Caller } from '../access/caller.js';
import { CLOCK } from '../services/admin-services.js';
import { StartSettings } from '../settings/settings-in-force.js';
import type { LimitsAnswer, TokenLimitsView } from './limits.dto.js';
import { WaitsReport } from './waits-report.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Tokens of one answer. */
const TOKENS_MAX = 500;

/** The setting of each limit of the whole service. */
const SETTINGS = {
  requestsPerMinute: 'CAS_LIMIT_REQUESTS_PER_MINUTE',
  itemsPerDay: 'CAS_LIMIT_ITEMS_PER_DAY',
  itemsInFlight: 'CAS_LIMIT_ITEMS_IN_FLIGHT',
} as const satisfies Record<keyof UsageLimits, string>;

const NAMES = ['requestsPerMinute', 'itemsPerDay', 'itemsInFlight'] as const satisfies (keyof UsageLimits)[];

/** How the limits stand, as one caller may see it. */
@Injectable()
export class LimitsReport {
  constructor(
    private readonly database: Database,
    private readonly tokens: TokenService,
    private readonly recorder: UsageRecorder,
    private readonly settings: StartSettings,
    private readonly waits: WaitsReport,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `unavailable` while the database cannot be reached */
  async of(caller: Caller): Promise<LimitsAnswer> {
    const nowMs = this.clock.wallMs();
    const tokens = await this.visible(caller);
    const refused = await this.refusals(
      nowMs,
      callerMay(caller, 'usage:read') ? undefined : tokens.map(({ id }) => id),
    );
    const asked = tokens.filter(({ id, limits }) => hasAny(limits) || refused.has(id));
    const subjects = [{ id: SERVICE_SUBJECT, limits: this.ofService() }, ...asked];
    const standings = await limitStandings(this.database, this.clock, subjects);
    const waits = await this.waits.of(caller, tokens);
    const rows = asked
      .map((token) => rowOf(token, standings.get(token.id) ?? [], refused.get(token.id)))
      .sort((a, b) => leftOf(a) - leftOf(b) || b.refusedDay - a.refusedDay || (a.tokenName < b.tokenName ? -1 : 1));
    const ofService = standings.get(SERVICE_SUBJECT) ?? [];
    return {
      atMs: nowMs,
      waits,
      service: NAMES.map((name) => ({
        name,
        setting: SETTINGS[name],
        standing: ofService.find((standing) => standing.name === name) ?? null,
      })),
      tokens: rows.slice(0, TOKENS_MAX),
      more: Math.max(0, rows.length - TOKENS_MAX),
      unlimited: tokens.filter(({ limits }) => !hasAny(limits)).length,
    };
  }

  private visible(caller: Caller): Promise<TokenRecord[]> {
    if (callerMay(caller, 'usage:read')) return this.tokens.list({ includeEnded: false });
    const ownerId = caller.account?.id;
    return ownerId === undefined ? Promise.resolve([]) : this.tokens.list({ ownerId, includeEnded: false });
  }

  /** As the settings of this process say; other processes may have others, which GET /api/settings tells. */
  private ofService(): UsageLimits {
    return Object.fromEntries(
      NAMES.flatMap((name) => {
        const value = this.settings.rows.find((row) => row.name === SETTINGS[name])?.value;
        return value === null || value === undefined ? [] : [[name, Number(value)]];
      }),
    );
  }

  /** Requests that limits turned away, in this hour and the one before, and in the last 24 hours. */
  private async refusals(nowMs: number, principalIds: string[] | undefined): Promise<Map<string, Refused>> {
    const narrowed = principalIds === undefined ? {} : { principalIds };
    const since = (fromMs: number) =>
      this.recorder.queryBy({ fromMs, toMs: nowMs + 1, by: 'total', outcome: 'rate_limited', ...narrowed }, [
        'principalId',
      ]);
    const [hour, day] = [await since(nowMs - HOUR_MS), await since(nowMs - DAY_MS)];
    const inHour = new Map(hour.map(({ principalId = '', refused }) => [principalId, refused]));
    return new Map(
      day.map(({ principalId = '', refused }) => [principalId, { hour: inHour.get(principalId) ?? 0, day: refused }]),
    );
  }
}

interface Refused {
  readonly hour: number;
  readonly day: number;
}

function rowOf(token: TokenRecord, limits: LimitStanding[], refused: Refused | undefined): TokenLimitsView {
  const { id: tokenId, name: tokenName, ownerId } = token;
  return { tokenId, tokenName, ownerId, limits, refusedHour: refused?.hour ?? 0, refusedDay: refused?.day ?? 0 };
}

/** The smallest part that is left of any of its limits; 1 = all of all. */
function leftOf({ limits }: TokenLimitsView): number {
  return Math.min(1, ...limits.map(({ remaining, limit }) => remaining / limit));
}

function hasAny(limits: UsageLimits): boolean {
  return NAMES.some((name) => limits[name] !== undefined);
}
