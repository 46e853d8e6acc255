import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import type { UsagePart, UsageQuery } from '#metering';

const PERIODS = ['hour', 'day', 'total'] as const satisfies readonly UsageQuery['by'][];

/** What rows are told apart by, as callers name it. */
const PARTS = ['token', 'model', 'protocol', 'outcome'] as const;

export type UsagePer = (typeof PARTS)[number];

/** The same as the recorder names it. */
export const PART_OF = {
  token: 'principalId',
  model: 'model',
  protocol: 'protocol',
  outcome: 'outcome',
} as const satisfies Record<UsagePer, UsagePart>;

/** Which use is asked for. */
export class UsageFilter {
  @ApiPropertyOptional({ maxLength: 64, description: 'Id of one token; all that the caller may see when left out' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  token?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'Name of one model' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string;

  @ApiPropertyOptional({ maxLength: 20, description: 'grpc, http or websocket' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  protocol?: string;

  @ApiPropertyOptional({ maxLength: 40, description: 'ok, item_failed or an error code' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  outcome?: string;

  @ApiPropertyOptional({
    description: 'A date or time (UTC unless it says otherwise); 30 days ago',
    example: '2026-01-31',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ description: 'The end, not included; now when left out', example: '2026-02-28T18:30:00Z' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({ enum: PERIODS, default: 'day', description: 'Length of what a row sums up' })
  @IsOptional()
  @IsIn(PERIODS)
  by?: UsageQuery['by'];

  @ApiPropertyOptional({
    type: String,
    pattern: '^((token|model|protocol|outcome)(,(token|model|protocol|outcome)){0,3})?$',
    default: 'token,model',
    description: 'What rows are told apart by, with commas between; empty = by time alone',
    example: 'protocol,outcome',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value))
  @IsArray()
  @ArrayMaxSize(PARTS.length)
  @IsIn(PARTS, { each: true })
  per?: UsagePer[];
}

export class UsageTotalsView {
  @ApiProperty({ type: 'integer', description: 'Requests that were let in' })
  requests!: number;

  @ApiProperty({ type: 'integer', description: 'Texts and images of these' })
  items!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that a limit turned away' })
  refused!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that scopes or models of the token did not allow' })
  denied!: number;
}

export class UsageRowView extends UsageTotalsView {
  @ApiProperty({ type: 'integer', description: 'Begin of the hour or day, or of the query; milliseconds since 1970' })
  startMs!: number;

  @ApiPropertyOptional({ description: 'Id of the token, or anonymous; only where `per` names it, as what follows' })
  tokenId?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null for anonymous' })
  tokenName?: string | null;

  @ApiPropertyOptional()
  model?: string;

  @ApiPropertyOptional({ description: 'grpc, http, websocket; unknown for what was counted before this was' })
  protocol?: string;

  @ApiPropertyOptional({ description: 'ok, item_failed or an error code; unknown as above' })
  outcome?: string;
}

export class UsageAnswer {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  fromMs!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970, not included' })
  toMs!: number;

  @ApiProperty({ type: UsageTotalsView, description: 'All rows together' })
  totals!: UsageTotalsView;

  @ApiProperty({ type: [UsageRowView] })
  rows!: UsageRowView[];
}
