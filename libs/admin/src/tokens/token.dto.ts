import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
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
import { INFERENCE_SCOPES, type Scope, SCOPES, type UsageLimits } from '#core';
import { MayBeAbsent } from '../http/input-validation.js';

const { daysMax, modelsMax, nameLengthMax } = TOKEN_LIMITS;
const GRACE_MS_MAX = TOKEN_LIMITS.graceDaysMax * 86_400_000;

/** Limits of one token; what is left out is not limited. */
class LimitsBody {
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
}

/** What is left out stays as it is. */
export class ChangeTokenBody extends TokenRights {
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

/** `?ended=true` also lists what was revoked or has expired. */
export class TokenQuery {
  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false', description: 'Revoked and expired ones, too' })
  @MayBeAbsent()
  @IsIn(['true', 'false'])
  ended?: 'true' | 'false';

  @ApiPropertyOptional({ description: 'Only those of this account' })
  @MayBeAbsent()
  @IsString()
  owner?: string;
}

export class LastUseView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ type: String, nullable: true })
  from!: string | null;

  @ApiProperty({ type: String, nullable: true })
  protocol!: string | null;

  @ApiProperty({ type: String, nullable: true })
  model!: string | null;
}

export class TokenView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The part of the token that is no secret' })
  publicPart!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The account it belongs to; null = made on the host' })
  ownerId!: string | null;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes!: readonly Scope[];

  @ApiProperty({ type: [String], nullable: true, description: 'null = every model' })
  models!: readonly string[] | null;

  @ApiProperty({ type: LimitsBody })
  limits!: UsageLimits;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  createdAtMs!: number;

  @ApiProperty({ description: 'The id of who made it' })
  createdBy!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970; null = never' })
  expiresAtMs!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  revokedAtMs!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Until when the secret before a rotation works' })
  graceUntilMs!: number | null;

  @ApiProperty({ enum: ['active', 'expired', 'revoked'] })
  status!: 'active' | 'expired' | 'revoked';

  @ApiProperty({ type: LastUseView, nullable: true })
  lastUsed!: LastUseView | null;
}

export class TokenList {
  @ApiProperty({ type: [TokenView] })
  tokens!: TokenView[];
}

export class IssuedTokenView {
  @ApiProperty({ description: 'The token itself, shown this once' })
  token!: string;

  @ApiProperty({ type: TokenView })
  record!: TokenView;
}
