import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { packageVersion } from '#core';
import { TraceSearch, traceToOtlp } from '#telemetry';
import { Calling, type Caller } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { BatchAnswer } from './batch.dto.js';
import { TraceAccess } from './trace-access.js';
import { formatCursor } from './trace-cursor.js';
import { queryOf } from './trace-selection.js';
import { notFound, tokenNames, toBatchView, toSourceViews, toSummaryView, toTraceView } from './trace-views.js';
import { TraceAnswer, TraceFilter, TracePageView } from './trace.dto.js';

/** Most of a member's requests that are looked at for one batch: those of its riders, and others of the same traces. */
const OWN_MAX = 1_000;

/** What requests did, and in which batches. */
@Controller('api')
@ApiTags('traces')
export class TracesController {
  constructor(
    private readonly traces: TraceSearch,
    private readonly access: TraceAccess,
  ) {}

  @Get('traces')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'Finished requests whose traces were kept, the newest first; members see their own' })
  @ApiOkResponse({ type: TracePageView })
  async list(@Query() filter: TraceFilter, @Calling() caller: Caller): Promise<TracePageView> {
    const { principalIds, tokens } = await this.access.visibleTo(caller, filter.token);
    const query = queryOf(filter, tokens);
    const { found, sources } = await this.traces.search({ ...query, principalIds });
    const names = tokenNames(tokens);
    return {
      traces: found.traces.map((trace) => toSummaryView(trace, names)),
      cursor: found.next === undefined ? null : formatCursor(found.next),
      sources: toSourceViews(sources),
    };
  }

  @Get('traces/:id')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'What a request did, by its trace id or its request id' })
  @ApiOkResponse({ type: TraceAnswer })
  async one(@Param('id') id: string, @Calling() caller: Caller): Promise<TraceAnswer> {
    const { principalIds, tokens } = await this.access.visibleTo(caller);
    const { found, sources } = await this.traces.byId(id, { principalIds });
    if (found.length === 0) throw notFound('request', sources);
    const names = tokenNames(tokens);
    return { traces: found.map((trace) => toTraceView(trace, names)), sources: toSourceViews(sources) };
  }

  @Get('traces/:id/otlp')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'The same as OTLP in JSON, which Jaeger and collectors load' })
  @ApiOkResponse({ type: Object, description: 'An ExportTraceServiceRequest of OpenTelemetry' })
  async otlp(@Param('id') id: string, @Calling() caller: Caller): Promise<object> {
    const { principalIds } = await this.access.visibleTo(caller);
    const { found, sources } = await this.traces.byId(id, { principalIds });
    if (found.length === 0) throw notFound('request', sources);
    return traceToOtlp(found, packageVersion());
  }

  @Get('batches/:id')
  @Needs('traces:read-own')
  @ApiOperation({ summary: 'One attempt at a batch; members see of those in it which are their own' })
  @ApiOkResponse({ type: BatchAnswer })
  async batch(@Param('id') id: string, @Calling() caller: Caller): Promise<BatchAnswer> {
    const { principalIds } = await this.access.visibleTo(caller);
    const { found: batch, sources } = await this.traces.batch(id);
    if (batch === undefined) throw notFound('batch', sources);
    const shown = { sources: toSourceViews(sources) };
    if (principalIds === undefined) return { batch: toBatchView(batch, () => true), ...shown };
    // A batch does not say whose its riders are: the requests themselves do, as far as they were kept.
    const traceIds = batch.riders.map(({ traceId }) => traceId);
    const { found: own } = await this.traces.search({ traceIds, principalIds, limit: OWN_MAX });
    const view = toBatchView(batch, (rider) =>
      own.traces.some(({ traceId, requestId }) => traceId === rider.traceId && requestId === rider.requestId),
    );
    if (view.riders.length === 0) throw notFound('batch', sources);
    return { batch: view, ...shown };
  }
}
