import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { ACCOUNT_ROLES, PERMISSIONS, type Permission } from '#auth';
import type { AccountRole } from '#database';
import { AccountView } from '../accounts/account.dto.js';

/** Longer texts cannot be addresses, names or passwords. What they must be is said where they are used. */
const TEXT_LENGTH_MAX = 1024;

export class LogInBody {
  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, format: 'email' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  email!: string;

  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, format: 'password' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  password!: string;
}

export class SetUpBody extends LogInBody {
  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, description: 'From the set-up link' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  secret!: string;

  @ApiProperty({ maxLength: TEXT_LENGTH_MAX })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  name!: string;
}

export class AcceptLinkBody {
  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, description: 'From the link of an invitation or a reset' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  secret!: string;

  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, format: 'password' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  password!: string;
}

export class ChangePasswordBody {
  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, format: 'password' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  old!: string;

  @ApiProperty({ maxLength: TEXT_LENGTH_MAX, format: 'password' })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  new!: string;
}

export class RenameBody {
  @ApiProperty({ maxLength: TEXT_LENGTH_MAX })
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  name!: string;
}

export class SetUpState {
  @ApiProperty({ description: 'Whether there is no account yet: the log has the set-up link' })
  needed!: boolean;
}

/** What a page gets that has just logged in. */
export class LoggedIn {
  @ApiProperty({ type: AccountView })
  account!: AccountView;

  @ApiProperty({ description: 'To be sent as x-csrf-token with every change' })
  csrfToken!: string;
}

/** Who calls and what it may do. */
export class WhoAmI {
  @ApiProperty({ enum: ['session', 'token'] })
  via!: 'session' | 'token';

  @ApiProperty({ type: AccountView, nullable: true, description: 'null for a token that was made on the host' })
  account!: AccountView | null;

  @ApiProperty({ enum: ACCOUNT_ROLES })
  role!: AccountRole;

  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  permissions!: readonly Permission[];

  @ApiPropertyOptional({ description: 'Of a session only' })
  csrfToken?: string;
}

export class SessionView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Whether it is the one that asks' })
  current!: boolean;

  @ApiProperty({ description: 'Address it was made from' })
  from!: string;

  @ApiProperty()
  userAgent!: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  createdAtMs!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970, exact to a minute' })
  lastSeenAtMs!: number;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  expiresAtMs!: number;
}

export class SessionList {
  @ApiProperty({ type: [SessionView] })
  sessions!: SessionView[];
}
