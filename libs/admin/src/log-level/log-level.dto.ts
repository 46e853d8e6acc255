import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { LEVEL_SECONDS, LEVEL_SECONDS_MAX, LOG_LEVELS, type LogLevel } from '#core';
import { MayBeAbsent } from '../http/input-validation.js';

export class LogLevelBody {
  @ApiProperty({ enum: LOG_LEVELS, description: 'The least severe line that is logged' })
  @IsIn(LOG_LEVELS)
  level!: LogLevel;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: LEVEL_SECONDS_MAX,
    default: LEVEL_SECONDS,
    description: 'How long; then every process logs as its settings say again',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(LEVEL_SECONDS_MAX)
  forSeconds?: number;
}

export class LogLevelView {
  @ApiProperty({ enum: LOG_LEVELS, description: 'What the process that answers logs now' })
  level!: LogLevel;

  @ApiProperty({ enum: LOG_LEVELS, description: 'What its settings say, and what it goes back to' })
  settings!: LogLevel;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'When it goes back, in milliseconds since 1970; null while it logs as its settings say',
  })
  untilMs!: number | null;
}
