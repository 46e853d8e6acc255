import { describe, expect, it } from 'vitest';
import { csrfTokenOf, requireCsrfToken } from './session.js';
import { newSecret } from '../secrets/secrets.js';

describe('CSRF token', () => {
  const secret = newSecret();

  it('belongs to one session', () => {
    expect(() => requireCsrfToken(secret, csrfTokenOf(secret))).not.toThrow();
    expect(csrfTokenOf(secret)).not.toContain(secret);
  });

  it.each([undefined, '', 'x', csrfTokenOf(newSecret())])('refuses %j', (token) => {
    expect(() => requireCsrfToken(secret, token)).toThrow(
      expect.objectContaining({ code: 'permission_denied' }) as never,
    );
  });
});
