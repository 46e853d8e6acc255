import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, MaxLength } from 'class-validator';
import { ACCOUNT_ROLES, type Account, type OneTimeLink } from '#auth';
import type { AccountRole } from '#database';
import { MayBeAbsent } from '../http/input-validation.js';

/** An account as the API shows it. */
export class AccountView implements Account {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'email' })
  email!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES })
  role!: AccountRole;

  @ApiProperty({ enum: ['active', 'invited', 'disabled'] })
  status!: Account['status'];

  @ApiProperty()
  hasPassword!: boolean;

  @ApiProperty()
  hasSingleSignOn!: boolean;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  createdAtMs!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970' })
  lastLoginAtMs!: number | null;
}

/** A link that works once, shown this once. */
export class LinkView {
  @ApiProperty({ enum: ['invite', 'reset'] })
  purpose!: OneTimeLink['purpose'];

  @ApiProperty({ description: 'The page to send to the person, secret included' })
  url!: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  expiresAtMs!: number;
}

export class Invitation {
  @ApiProperty({ type: AccountView })
  account!: AccountView;

  @ApiProperty({ type: LinkView })
  link!: LinkView;
}

export class InviteBody {
  @ApiProperty({ maxLength: 1000, format: 'email' })
  @IsString()
  @MaxLength(1000)
  email!: string;

  @ApiProperty({ maxLength: 1000 })
  @IsString()
  @MaxLength(1000)
  name!: string;

  @ApiProperty({ enum: ACCOUNT_ROLES })
  @IsIn(ACCOUNT_ROLES)
  role!: AccountRole;
}

/** One change at a time, so that it is done or refused as a whole. */
export class ChangeAccountBody {
  @ApiPropertyOptional({ maxLength: 1000 })
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  name?: string;

  @ApiPropertyOptional({
    enum: ACCOUNT_ROLES,
    description: 'A lower role ends sessions and revokes tokens, owner ends sessions; each ends links',
  })
  @MayBeAbsent()
  @IsIn(ACCOUNT_ROLES)
  role?: AccountRole;

  @ApiPropertyOptional({ description: 'true ends sessions and revokes tokens' })
  @MayBeAbsent()
  @IsBoolean()
  disabled?: boolean;
}
