import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#core';
import { FAILED, TraceSearch } from '#telemetry';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { CLOCK } from '../services/admin-services.js';
import { TraceErrorsView, TraceFacetsView } from './counts.dto.js';
import { TraceAccess } from './trace-access.js';
import { bucketFor, bucketsOf, errorsOf, FACETS, facetsOf } from './trace-counts.js';
import { queryOf } from './trace-selection.js';
import { tokenNames, toSourceViews } from './trace-views.js';
import { TraceSelection } from './trace.dto.js';

const ERRORS_MAX = 200;

/** How many requests there are of each kind. */
@Controller('api/traces')
@ApiTags('traces')
export class TraceCountsController {
  constructor(
    private readonly traces: TraceSearch,
    private readonly access: TraceAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('facets')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'How many requests there are of each model, token, outcome and so on, and when they began' })
  @ApiOkResponse({ type: TraceFacetsView })
  async facets(@Query() asked: TraceSelection, @Calling() caller: Caller): Promise<TraceFacetsView> {
    const { principalIds, tokens } = await this.access.visibleTo(caller, asked.token);
    const query = { ...queryOf(asked, tokens), principalIds };
    const spanMs = (query.toMs ?? this.clock.wallMs()) - (query.fromMs ?? 0);
    const fineMs = query.fromMs === undefined ? FINEST_MS : bucketFor(spanMs);
    const { found, sources } = await this.traces.count(query, { by: FACETS, bucketMs: fineMs });
    const { groups, countedFromMs } = found;
    const firstMs = groups.reduce((first, { firstAtMs }) => Math.min(first, firstAtMs), Infinity);
    const lastMs = groups.reduce((last, { lastAtMs }) => Math.max(last, lastAtMs), 0);
    const bucketMs = query.fromMs === undefined ? bucketFor(Math.max(0, lastMs - firstMs)) : fineMs;
    return {
      total: groups.reduce((sum, { count }) => sum + count, 0),
      countedFromMs: countedFromMs ?? null,
      facets: facetsOf(groups, tokenNames(tokens)),
      ...{ bucketMs, buckets: bucketsOf(groups, bucketMs) },
      sources: toSourceViews(sources),
    };
  }

  @Get('errors')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'Which requests failed, by error, token and model' })
  @ApiOkResponse({ type: TraceErrorsView })
  async errors(@Query() asked: TraceSelection, @Calling() caller: Caller): Promise<TraceErrorsView> {
    const { principalIds, tokens } = await this.access.visibleTo(caller, asked.token);
    const { terms = [], ...query } = queryOf(asked, tokens);
    const { found, sources } = await this.traces.count(
      { ...query, principalIds, terms: [...terms, { key: 'outcome', not: false, any: [FAILED] }] },
      { by: ['outcome', 'token', 'model'] },
    );
    const errors = errorsOf(found.groups, tokenNames(tokens));
    return {
      errors: errors.slice(0, ERRORS_MAX),
      more: Math.max(0, errors.length - ERRORS_MAX),
      countedFromMs: found.countedFromMs ?? null,
      sources: toSourceViews(sources),
    };
  }
}

/** What is counted in while it is not known how far back it goes. */
const FINEST_MS = 1_000;
