import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { TOKEN_CONDITIONS, TOKEN_ORDERS, type TokenCondition, type TokenOrder } from '#auth';
import { MODEL_LIMITS, type Scope, SCOPES } from '#core';
import { MayBeAbsent } from '../http/input-validation.js';
import { TokenView } from './token.dto.js';

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

export class TokenList {
  @ApiProperty({ type: [TokenView] })
  tokens!: TokenView[];

  @ApiProperty({ type: String, nullable: true, description: 'Leads to the next page; null at the end' })
  cursor!: string | null;

  @ApiProperty({ type: 'integer', description: 'How many there are on all pages' })
  total!: number;
}
