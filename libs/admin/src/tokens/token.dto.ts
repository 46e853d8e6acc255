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
import { TOKEN_CONDITIONS, TOKEN_LIMITS, TOKEN_ORDERS, type TokenCondition, type TokenOrder } from '#auth';
import { INFERENCE_SCOPES, MODEL_LIMITS, type Scope, SCOPES, type UsageLimits } from '#core';
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

const LIST_MAX = 500;
/** Rows of a page unless it is said otherwise. */
export const PAGE_TOKENS = 200;

/** Which tokens are listed, and how. */
export class TokenQuery {
  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false', description: 'Revoked and expired ones, too' })
  @MayBeAbsent()
  @IsIn(['true', 'false'])
  ended?: 'true' | 'false';

  @ApiPropertyOptional({ maxLength: 64, description: 'Only those of this account; `host` for those made on the host' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(64)
  owner?: string;

  @ApiPropertyOptional({ enum: TOKEN_CONDITIONS, description: 'Only those that have this condition' })
  @MayBeAbsent()
  @IsIn(TOKEN_CONDITIONS)
  status?: TokenCondition;

  @ApiPropertyOptional({ enum: SCOPES, description: 'Only those that have this scope' })
  @MayBeAbsent()
  @IsIn(SCOPES)
  scope?: Scope;

  @ApiPropertyOptional({ maxLength: MODEL_LIMITS.nameLengthMax, description: 'Only those that may use this model' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MODEL_LIMITS.nameLengthMax)
  model?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'A part of the name, or the id or the public part' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ enum: TOKEN_ORDERS, default: 'created', description: 'What comes first' })
  @MayBeAbsent()
  @IsIn(TOKEN_ORDERS)
  order?: TokenOrder;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: LIST_MAX, default: PAGE_TOKENS })
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LIST_MAX)
  limit?: number;

  @ApiPropertyOptional({ maxLength: 1000, description: 'The cursor of the page before, with the same filters' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  cursor?: string;
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

/** One of the secrets of a token that was rotated. */
class SecretUseView {
  @ApiProperty({ type: 'integer', description: 'Since the rotation' })
  requests!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970' })
  lastUsedAtMs!: number | null;
}

class PreviousSecretView extends SecretUseView {
  @ApiProperty({ type: String, nullable: true })
  lastUsedFrom!: string | null;
}

/** Both secrets since the last rotation, a few seconds behind. */
export class RotationView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ type: SecretUseView })
  present!: SecretUseView;

  @ApiProperty({ type: PreviousSecretView, description: 'The secret before it' })
  previous!: PreviousSecretView;
}

export class TokenConditionView {
  @ApiProperty({ enum: TOKEN_CONDITIONS })
  condition!: TokenCondition;

  @ApiProperty()
  why!: string;

  @ApiProperty({ type: String, nullable: true, description: 'What to do about it' })
  todo!: string | null;
}

/** What a token did in a day (UTC). */
export class TokenDayView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  startMs!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that were let in' })
  requests!: number;

  @ApiProperty({ type: 'integer', description: 'Texts and images of these' })
  items!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that a limit turned away' })
  refused!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that its scopes or models did not allow' })
  denied!: number;
}

export class TokenOwnerView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'email' })
  email!: string;
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

  @ApiProperty({ type: 'integer', nullable: true, description: 'Until when the revocation can be undone' })
  restorableUntilMs!: number | null;

  @ApiProperty({ type: RotationView, nullable: true, description: 'null = never rotated' })
  rotation!: RotationView | null;

  @ApiProperty({ type: TokenOwnerView, nullable: true, description: 'null = made on the host, or its account is gone' })
  owner!: TokenOwnerView | null;

  @ApiProperty({ type: [TokenConditionView], description: 'What there is to know of it, the gravest first' })
  conditions!: readonly TokenConditionView[];

  @ApiProperty({ type: [TokenDayView], description: 'The last 7 days, the oldest first' })
  days!: readonly TokenDayView[];
}

export class TokenList {
  @ApiProperty({ type: [TokenView] })
  tokens!: TokenView[];

  @ApiProperty({ type: String, nullable: true, description: 'Leads to the next page; null at the end' })
  cursor!: string | null;

  @ApiProperty({ type: 'integer', description: 'How many there are on all pages' })
  total!: number;
}

/** How many requests came since a time. */
export class SinceView {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970; the begin of an hour' })
  sinceMs!: number;

  @ApiProperty({ type: 'integer' })
  requests!: number;

  @ApiProperty({ type: 'integer' })
  items!: number;
}

export class ModelUseView {
  @ApiProperty()
  model!: string;

  @ApiProperty({ type: 'integer' })
  requests!: number;
}

/** What a revocation would break. */
export class TokenImpact {
  @ApiProperty({ type: LastUseView, nullable: true })
  lastUsed!: LastUseView | null;

  @ApiProperty({ type: SinceView, description: 'Since the begin of the hour before' })
  lastHour!: SinceView;

  @ApiProperty({ type: SinceView })
  lastDay!: SinceView;

  @ApiProperty({ type: SinceView })
  last7Days!: SinceView;

  @ApiProperty({ type: [ModelUseView], description: 'Of the last 7 days, the most used first, 20 at most' })
  models!: readonly ModelUseView[];

  @ApiProperty({ type: [String], description: 'What will fail, in words' })
  willFail!: readonly string[];

  @ApiProperty({ type: 'integer', description: 'For how long it can be undone, in milliseconds' })
  undoMs!: number;
}

export class IssuedTokenView {
  @ApiProperty({ description: 'The token itself, shown this once' })
  token!: string;

  @ApiProperty({ type: TokenView })
  record!: TokenView;
}
