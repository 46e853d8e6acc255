import { describe, expect, it } from 'vitest';
import { checkNewPassword, normalizePassword } from './password-policy.js';

const ANN = { email: 'ann.walker@example.com', name: 'Ann Walker' };

describe('checkNewPassword', () => {
  it.each([
    'tidal-lantern-42',
    'vier Wörter, gut gemischt',
    '雨の日に散歩する猫と青い傘が三本',
    'x7$Kq!pL9#wZ',
    'a'.repeat(12) + 'b'.repeat(200),
  ])('takes %j', (password) => {
    expect(checkNewPassword(password, ANN)).toBe(password.normalize('NFKC'));
  });

  it('counts characters, not bytes or halves of them', () => {
    expect(() => checkNewPassword('🦊🐼🐸🦉🐙🦋', ANN)).toThrow(/12 to 256/);
    expect(() => checkNewPassword('🦊🐼🐸🦉🐙🦋🐝🐢🐬🦔🦄🐳', ANN)).not.toThrow();
  });

  it.each(['short-one-1', 'x7$K'.repeat(65), 'é'.repeat(5000)])('refuses a wrong length', (password) => {
    expect(() => checkNewPassword(password, ANN)).toThrow(/12 to 256 characters/);
  });

  it.each(['ann.walker-2024!', 'my-WALKER-secret', 'xx ann.walker@example.com', 'ＷＡＬＫＥＲ-secret-9'])(
    'refuses %j, which holds the name or address',
    (password) => {
      expect(() => checkNewPassword(password, ANN)).toThrow(/name or e-mail/);
    },
  );

  it.each([
    'Password1234',
    'P@ssw0rd12345',
    '!!administrator!!',
    'qwertyuiop12',
    '123456789012',
    '987654321098',
    'aaaaaaaaaaaa',
    'abcabcabcabca',
    'abcdefghijklm',
    'correcthorsebatterystaple',
  ])('refuses %j, which is guessed first', (password) => {
    expect(() => checkNewPassword(password, ANN)).toThrow(/guessed first/);
  });

  it.each(['Password1234', 'ann.walker-2024!', 'short'])('does not repeat %j in the error', (password) => {
    expect(() => checkNewPassword(password, ANN)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(password) }) as never,
    );
  });
});

describe('normalizePassword', () => {
  it('does no work on a text that cannot be a password', () => {
    expect(normalizePassword('ﷺ'.repeat(100_000))).toBeUndefined();
  });
});
