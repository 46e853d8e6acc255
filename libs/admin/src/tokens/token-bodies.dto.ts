import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { TOKEN_LIMITS } from '#auth';
import { INFERENCE_SCOPES, type Scope, SCOPES } from '#core';
import { MayBeAbsent } from '../http/input-validation.js';

const { daysMax, modelsMax, nameLengthMax } = TOKEN_LIMITS;
const GRACE_MS_MAX = TOKEN_LIMITS.graceDaysMax * 86_400_000;

/** Limits of one token; what is left out is not limited. */
export class LimitsBody {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  requestsPerMinute?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Texts and images in a day (UTC)',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  itemsPerDay?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Texts and images at a time',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  itemsInFlight?: number;
}

/** What a token may do. */
class TokenRights {
  @ApiPropertyOptional({
    enum: SCOPES,
    isArray: true,
    minItems: 1,
    description: `A new token has ${INFERENCE_SCOPES.join(', ')} without it`,
  })
  @MayBeAbsent()
  @IsArray()
  @IsIn(SCOPES, { each: true })
  scopes?: Scope[];

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    minItems: 1,
    maxItems: modelsMax,
    description: 'Names of models; null = every model',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(modelsMax)
  @IsString({ each: true })
  models?: string[] | null;

  @ApiPropertyOptional({ type: LimitsBody })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => LimitsBody)
  limits?: LimitsBody;

  @ApiPropertyOptional({
    description: 'Whether texts and images that are sent with it may be stored for a while, to be run on other models',
  })
  @MayBeAbsent()
  @IsBoolean()
  storesInputs?: boolean;
}

/** What is left out stays as it is. */
export class ChangeTokenBody extends TokenRights {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: daysMax,
    nullable: true,
    description: 'Days from now until it expires; null = never',
  })
  @ValidateIf((_, days) => days !== undefined && days !== null)
  @IsInt({ message: `expiresInDays must be a whole number of days from 1 to ${daysMax}, or null for never` })
  @Min(1)
  @Max(daysMax)
  expiresInDays?: number | null;

  @ApiPropertyOptional({ maxLength: nameLengthMax })
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  name?: string;
}

export class CreateTokenBody extends TokenRights {
  @ApiProperty({ maxLength: nameLengthMax })
  @IsString()
  @MaxLength(200)
  name!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: daysMax, nullable: true, description: 'null = never' })
  @ValidateIf((_, days) => days !== null)
  @IsInt({ message: `expiresInDays must be a whole number of days from 1 to ${daysMax}, or null for never` })
  @Min(1)
  @Max(daysMax)
  expiresInDays!: number | null;
}

export class RotateTokenBody {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: GRACE_MS_MAX,
    description: 'How long the old secret still works, in milliseconds',
  })
  @IsInt()
  @Min(0)
  @Max(GRACE_MS_MAX)
  graceMs!: number;
}
