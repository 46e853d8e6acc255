import { ApiProperty } from '@nestjs/swagger';
import { ROLE_PERMISSIONS, type Permission, PERMISSIONS, ACCOUNT_ROLES } from '#auth';
import type { AccountRole } from '#database';

/** What the console must know of the service. */
export class AboutView {
  @ApiProperty()
  version!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where callers reach the inference API; null where nobody has said it (CAS_PUBLIC_URL)',
  })
  inferenceUrl!: string | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'null where this process cannot know it' })
  tokensRequired!: boolean | null;
}

class PermissionView {
  @ApiProperty({ enum: PERMISSIONS })
  permission!: Permission;

  @ApiProperty({ description: 'What it allows, in words' })
  words!: string;
}

export class RoleView {
  @ApiProperty({ enum: ACCOUNT_ROLES })
  role!: AccountRole;

  @ApiProperty({ type: [PermissionView] })
  permissions!: PermissionView[];
}

export class RoleList {
  @ApiProperty({ type: [RoleView], description: 'From the one that may do most to the one that may do least' })
  roles!: RoleView[];
}

/** Every role with what it may do, from the one table behind every check. */
export function roleViews(): RoleView[] {
  return ACCOUNT_ROLES.map((role) => ({
    role,
    permissions: ROLE_PERMISSIONS[role].map((permission) => ({ permission, words: WORDS[permission] })),
  }));
}

const WORDS: Readonly<Record<Permission, string>> = {
  'tokens:read-own': 'See the own tokens',
  'tokens:write-own': 'Make, change, rotate and revoke the own tokens',
  'tokens:read': 'See the tokens of everybody',
  'tokens:write': 'Change and revoke the tokens of everybody, and give the scope admin:*',
  'accounts:read': 'See accounts and roles',
  'accounts:write': 'Invite people; change, disable and remove accounts',
  'owners:write': 'Make and change owners',
  'audit:read': 'Read the audit trail',
  'usage:read-own': 'See the use of the own tokens',
  'usage:read': 'See the use of everybody',
  'traces:read-own': 'See the requests of the own tokens',
  'traces:read': 'See the requests of everybody',
  'models:read': 'See models and replicas',
  'models:write': 'Change which models are served',
  'playground:use': 'Try models in the playground, within limits',
  'settings:read': 'See the settings in force',
  'settings:write': 'Change the log level',
};
