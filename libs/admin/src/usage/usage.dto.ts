import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import type { UsageQuery } from '#metering';

const PERIODS = ['hour', 'day', 'total'] as const satisfies readonly UsageQuery['by'][];

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
}

export class UsageRowView {
  @ApiProperty({ type: 'integer', description: 'Begin of the hour or day, or of the query; milliseconds since 1970' })
  startMs!: number;

  @ApiProperty({ description: 'Id of the token, or anonymous' })
  tokenId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null for anonymous' })
  tokenName!: string | null;

  @ApiProperty()
  model!: string;

  @ApiProperty({ type: 'integer', description: 'Requests that were let in' })
  requests!: number;

  @ApiProperty({ type: 'integer', description: 'Texts and images of these' })
  items!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that a limit turned away' })
  refused!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that scopes or models of the token did not allow' })
  denied!: number;
}

export class UsageAnswer {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  fromMs!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970, not included' })
  toMs!: number;

  @ApiProperty({ type: [UsageRowView] })
  rows!: UsageRowView[];
}
