import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { ERROR_CODES } from '#core';
import { FAILED, HAS_KEYS, NUMBER_KEYS, TEXT_KEYS } from '#telemetry';

const PROTOCOLS = ['grpc', 'http', 'websocket'];
const OUTCOMES = ['ok', FAILED, 'item_failed', ...ERROR_CODES];

/** Requests of a page unless it is said otherwise, and at most. */
export const PAGE_TRACES = 50;
const PAGE_TRACES_MAX = 500;
const DAY_MS = 86_400_000;

/** Which requests to look at; what is left out does not narrow. */
export class TraceSelection {
  @ApiPropertyOptional({ maxLength: 200, description: 'Name of the model that served' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string;

  @ApiPropertyOptional({ maxLength: 60, description: 'What was asked for', example: 'embeddings' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  operation?: string;

  @ApiPropertyOptional({ enum: PROTOCOLS })
  @IsOptional()
  @IsIn(PROTOCOLS)
  protocol?: string;

  @ApiPropertyOptional({ enum: OUTCOMES, description: `How it ended; ${FAILED} is every one but ok` })
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: string;

  @ApiPropertyOptional({ maxLength: 64, description: 'Id of one token; all that the caller may see when left out' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  token?: string;

  @ApiPropertyOptional({ maxLength: 128, description: 'As the answer had it in x-request-id' })
  @IsOptional()
  @IsString()
  @MaxLength(128)
  requestId?: string;

  @ApiPropertyOptional({ pattern: '^[0-9a-f]{32}$', example: '4bf92f3577b34da6a3ce929d0e0e4736' })
  @IsOptional()
  @Matches(/^[0-9a-f]{32}$/, { message: 'traceId must be 32 digits, 0 to 9 and a to f' })
  traceId?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: DAY_MS, description: 'Only what took longer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(DAY_MS)
  slowerThanMs?: number;

  @ApiPropertyOptional({ description: 'Begin; a date or time, UTC unless it says otherwise', example: '2026-01-31' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ description: 'The end, not included', example: '2126-02-28T18:30:00Z' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({
    maxLength: 8000,
    description:
      'JSON: a list of conditions that must all hold. `any`: one of texts, for ' +
      `${Object.keys(TEXT_KEYS).join(', ')}, and for has one of ${Object.keys(HAS_KEYS).join(', ')}; ` +
      `\`compare\` and \`value\`: a number, for ${Object.keys(NUMBER_KEYS).join(', ')} ` +
      '(milliseconds, items, a share from 0 to 1); `not` turns one around',
    example: '[{"key":"model","any":["clip"]},{"key":"duration","compare":">","value":50}]',
  })
  @IsOptional()
  @IsString()
  @MaxLength(8000)
  filter?: string;
}

/** Which page of them to show. */
export class TraceFilter extends TraceSelection {
  @ApiPropertyOptional({
    maxLength: 80,
    description: 'cursor of the page before',
    example: '1769860800000-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7',
  })
  @IsOptional()
  @IsString()
  @MaxLength(80)
  cursor?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: PAGE_TRACES_MAX, default: PAGE_TRACES })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(PAGE_TRACES_MAX)
  limit?: number;
}

export class TraceSourceView {
  @ApiProperty({ enum: ['memory', 'database'] })
  kind!: 'memory' | 'database';

  @ApiProperty({ type: String, nullable: true, description: 'Whose memory; null for the database, where all write' })
  pod!: string | null;

  @ApiProperty({ description: 'Whether it was asked' })
  asked!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was not asked' })
  reason!: string | null;
}

export class TraceSummaryView {
  @ApiProperty()
  traceId!: string;

  @ApiProperty({ description: "Of the request's own span" })
  spanId!: string;

  @ApiProperty()
  requestId!: string;

  @ApiProperty({ description: 'The process that served it' })
  pod!: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startedAtMs!: number;

  @ApiProperty()
  durationMs!: number;

  @ApiProperty()
  protocol!: string;

  @ApiProperty()
  operation!: string;

  @ApiProperty({ type: String, nullable: true })
  model!: string | null;

  @ApiProperty({ description: 'ok, item_failed or an error code' })
  outcome!: string;

  @ApiProperty({ description: 'Id of the token, or anonymous' })
  tokenId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null for anonymous' })
  tokenName!: string | null;

  @ApiProperty({ type: 'integer' })
  items!: number;

  @ApiProperty({
    enum: ['sampled', 'failed', 'slow', 'quiet'],
    description: 'Why it was kept: asked for, since it failed, among the slowest, or since there was little to do',
  })
  kept!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Its longest wait for a batch; null = it rode in none' })
  queueMs!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of the longest run of a batch that it rode in' })
  replica!: string | null;

  @ApiProperty({ type: String, nullable: true })
  device!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Items of that batch, those of others included' })
  batchItems!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The most that it could have had; null = unknown' })
  batchItemsMax!: number | null;
}

export class SpanLinkView {
  @ApiProperty()
  traceId!: string;

  @ApiProperty()
  spanId!: string;
}

export class SpanView {
  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ['server', 'client', 'internal'] })
  kind!: string;

  @ApiProperty()
  spanId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The span that it is a part of' })
  parentSpanId!: string | null;

  @ApiProperty({ description: 'Milliseconds since 1970, with fractions' })
  startMs!: number;

  @ApiProperty()
  endMs!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
    description: 'By the names of OpenTelemetry, and clip.* for our own',
  })
  attributes!: Readonly<Record<string, string | number | boolean>>;

  @ApiProperty({ type: [SpanLinkView], description: 'A run links its batch, a batch those who rode in it' })
  links!: SpanLinkView[];

  @ApiProperty({ type: String, nullable: true, description: 'The code of the error that it ended with' })
  error!: string | null;
}

export class TraceView extends TraceSummaryView {
  @ApiProperty({ type: [String], description: 'Of /api/batches/{id}' })
  batchIds!: readonly string[];

  @ApiProperty({ type: [SpanView], description: "The request's own span first" })
  spans!: SpanView[];
}

export class TracePageView {
  @ApiProperty({ type: [TraceSummaryView] })
  traces!: TraceSummaryView[];

  @ApiProperty({ type: String, nullable: true, description: 'For the next page; null = this was the last' })
  cursor!: string | null;

  @ApiProperty({ type: [TraceSourceView], description: 'Where was looked, and what could not be asked' })
  sources!: TraceSourceView[];
}

export class TraceAnswer {
  @ApiProperty({ type: [TraceView], description: 'The requests of the trace, the newest first: often one' })
  traces!: TraceView[];

  @ApiProperty({ type: [TraceSourceView], description: 'Where was looked, and what could not be asked' })
  sources!: TraceSourceView[];
}
