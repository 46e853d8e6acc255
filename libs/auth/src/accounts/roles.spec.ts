import { describe, expect, it } from 'vitest';
import { ACCOUNT_ROLES, PERMISSIONS, ROLE_PERMISSIONS, isLower, requirePermission } from './roles.js';

describe('roles', () => {
  it('an owner may do everything, an admin all but touch owners', () => {
    expect(ROLE_PERMISSIONS.owner).toEqual(PERMISSIONS);
    expect(PERMISSIONS.filter((one) => !ROLE_PERMISSIONS.admin.includes(one))).toEqual(['owners:write']);
  });

  it('a member sees and changes its own tokens and nobody else’s', () => {
    expect(() => requirePermission({ role: 'member' }, 'tokens:write-own')).not.toThrow();
    for (const permission of ['tokens:read', 'tokens:write', 'accounts:read', 'audit:read', 'settings:read'] as const) {
      expect(() => requirePermission({ role: 'member' }, permission)).toThrow(
        expect.objectContaining({ code: 'permission_denied' }) as never,
      );
    }
  });

  it('a viewer changes nothing at all', () => {
    expect(ROLE_PERMISSIONS.viewer.filter((permission) => permission.includes(':write'))).toEqual([]);
  });

  it('each role is lower than those before it, and none than itself', () => {
    expect(isLower('viewer', 'owner')).toBe(true);
    expect(isLower('owner', 'admin')).toBe(false);
    for (const role of ACCOUNT_ROLES) expect(isLower(role, role)).toBe(false);
  });
});
