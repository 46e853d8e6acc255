import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { ACCOUNT_ROLES } from '#auth';
import type { AccountRole } from '#database';
import { MayBeAbsent } from '../http/input-validation.js';
import { AccountView } from './account.dto.js';

const LIST_MAX = 500;
/** Rows of a page unless it is said otherwise. */
export const PAGE_ACCOUNTS = 200;

/** Which accounts are listed. */
export class AccountQuery {
  @ApiPropertyOptional({ maxLength: 200, description: 'A part of the e-mail address or the name' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(200)
  search?: string;

  @ApiPropertyOptional({ enum: ACCOUNT_ROLES })
  @MayBeAbsent()
  @IsIn(ACCOUNT_ROLES)
  role?: AccountRole;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: LIST_MAX, default: PAGE_ACCOUNTS })
  @MayBeAbsent()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LIST_MAX)
  limit?: number;

  @ApiPropertyOptional({ maxLength: 400, description: 'The cursor of the page before, with the same filters' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(400)
  cursor?: string;
}

/** A link that its person has not used yet. Its secret is nowhere. */
export class PendingLinkView {
  @ApiProperty({ enum: ['invite', 'reset'] })
  purpose!: 'invite' | 'reset';

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  expiresAtMs!: number;

  @ApiProperty({ description: 'Whether a new one has to be made' })
  isExpired!: boolean;
}

/** An account in the list. */
export class AccountRowView extends AccountView {
  @ApiProperty({ type: 'integer', description: 'Tokens that work' })
  tokens!: number;

  @ApiProperty({ type: 'integer', description: 'Browsers that are logged in' })
  sessions!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970; null = never logged in' })
  lastSeenAtMs!: number | null;

  @ApiProperty({ type: PendingLinkView, nullable: true, description: 'An invitation or reset that waits' })
  link!: PendingLinkView | null;
}

export class AccountList {
  @ApiProperty({ type: [AccountRowView] })
  accounts!: AccountRowView[];

  @ApiProperty({ type: String, nullable: true, description: 'Leads to the next page; null at the end' })
  cursor!: string | null;

  @ApiProperty({ type: 'integer', description: 'How many there are on all pages' })
  total!: number;
}
