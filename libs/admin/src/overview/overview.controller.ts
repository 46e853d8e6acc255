import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { listAudit } from '#audit';
import { TokenService } from '#auth';
import { DomainError, type Clock } from '#core';
import { Database } from '#database';
import { MINUTES_KEPT_MS, sumMinutes, sumUsage } from '#metering';
import { PodDirectory } from '#pods';
import { callerMay, Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { instantOf } from '../http/instant.js';
import { CLOCK } from '../services/admin-services.js';
import { OverviewAnswer, OverviewFilter, type ChangeView } from './overview.dto.js';
import { ownView, serviceView, type OverviewPeriod, type OverviewView } from './overview-views.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const POINTS = 120;
const POINTS_MAX = 2_000;
const CHANGES_SHOWN = 8;

/** What the service does, without a Prometheus: the figures that every process writes by the minute, summed up. */
@Controller('api/overview')
@ApiTags('overview')
export class OverviewController {
  constructor(
    private readonly database: Database,
    private readonly pods: PodDirectory,
    private readonly tokens: TokenService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('usage:read-own')
  @ApiOperation({ summary: 'Traffic, errors, latency, queues and batches of all processes; members see their own use' })
  @ApiOkResponse({ type: OverviewAnswer })
  async show(@Query() filter: OverviewFilter, @Calling() caller: Caller): Promise<OverviewAnswer> {
    const period = this.periodOf(filter);
    const [figures, pods, changes] = await Promise.all([
      callerMay(caller, 'usage:read') ? this.service(period, filter.model) : this.own(period, filter.model, caller),
      this.pods.list(),
      callerMay(caller, 'audit:read') ? this.changes() : null,
    ]);
    const silentPods = pods.filter(({ answers }) => !answers).map(({ name }) => name);
    return { ...period, ...figures, silentPods, changes };
  }

  private async service(period: OverviewPeriod, model: string | undefined): Promise<OverviewView> {
    return serviceView(await sumMinutes(this.database, { ...period, model }));
  }

  /** Nobody's figures by the minute are kept by token, so a member gets its use by the hour. */
  private async own(
    { fromMs, toMs }: OverviewPeriod,
    model: string | undefined,
    caller: Caller,
  ): Promise<OverviewView> {
    const ownerId = caller.account?.id;
    const tokens = ownerId === undefined ? [] : await this.tokens.list({ ownerId, includeEnded: true });
    const principalIds = tokens.map(({ id }) => id);
    const query = { principalIds, fromMs, toMs, by: 'hour' } as const;
    return ownView(await sumUsage(this.database, { ...query, ...(model === undefined ? {} : { model }) }));
  }

  private async changes(): Promise<ChangeView[]> {
    const { events } = await listAudit(this.database, { limit: CHANGES_SHOWN });
    return events.map(({ seq, atMs, action, actor, target }) => ({
      ...{ seq, atMs, action, actor: actor.name, target: target.name },
    }));
  }

  private periodOf({ from, to, step }: OverviewFilter): OverviewPeriod {
    const nowMs = this.clock.wallMs();
    const toMs = to === undefined ? nowMs : instantOf(to);
    const fromMs = from === undefined ? toMs - HOUR_MS : instantOf(from);
    if (fromMs >= toMs || toMs - fromMs > MINUTES_KEPT_MS) {
      throw new DomainError('invalid_argument', 'from must be before to, by no more than 48 hours.');
    }
    const wantedMs = step === undefined ? (toMs - fromMs) / POINTS : step * 1000;
    const stepMs = Math.max(1, Math.round(wantedMs / MINUTE_MS)) * MINUTE_MS;
    if ((toMs - fromMs) / stepMs > POINTS_MAX) {
      throw new DomainError('invalid_argument', `An answer has at most ${POINTS_MAX} points: give a longer step.`);
    }
    return { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs, stepMs };
  }
}
