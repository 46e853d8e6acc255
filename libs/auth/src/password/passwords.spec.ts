import { describe, expect, it } from 'vitest';
import { STRONG_COST, hashArgon2id, isWeaker, verifyArgon2id } from './argon2id.js';
import { Passwords } from './passwords.js';

const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 };

describe('argon2id', () => {
  it('checks what the reference implementation made', async () => {
    // test.c of https://github.com/P-H-C/phc-winner-argon2: t=2, m=2^16, p=1, "password", "somesalt".
    const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyArgon2id(phc, 'password')).toBe(true);
    expect(await verifyArgon2id(phc, 'Password')).toBe(false);
  });

  it('makes another string each time, with its cost in it', async () => {
    const [one, other] = [await hashArgon2id('x', CHEAP), await hashArgon2id('x', CHEAP)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$[^$=]{22}\$[^$=]{43}$/);
    expect(other).not.toBe(one);
  });

  it('knows a weaker hash by any of its parameters', async () => {
    const phc = await hashArgon2id('x', { ...CHEAP, memoryKiB: 16 });
    expect(isWeaker(phc, CHEAP)).toBe(false);
    expect(isWeaker(phc, { ...CHEAP, passes: 2 })).toBe(true);
    expect(isWeaker(phc, { ...CHEAP, memoryKiB: 32 })).toBe(true);
  });

  it.each([
    '',
    'plain',
    '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c',
    '$argon2id$v=19$m=9999999,t=1',
  ])('refuses the malformed %j', async (phc) => {
    await expect(verifyArgon2id(phc, 'x')).rejects.toThrow('malformed');
  });

  it('never asks for more memory than a gibibyte, whatever the database says', async () => {
    const phc = '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    await expect(verifyArgon2id(phc, 'x')).rejects.toThrow('malformed');
  });

  it('is at least as strong by default as OWASP asks', () => {
    expect(STRONG_COST.memoryKiB).toBeGreaterThanOrEqual(19_456);
    expect(STRONG_COST.passes).toBeGreaterThanOrEqual(2);
  });
});

describe('Passwords', () => {
  const passwords = new Passwords({ cost: CHEAP });

  it('tells the right password from a wrong one', async () => {
    const stored = await passwords.hash('a good long password');
    expect(await passwords.verify(stored, 'a good long password')).toEqual({ isRight: true, isWeak: false });
    expect(await passwords.verify(stored, 'a good long passwort')).toEqual({ isRight: false, isWeak: false });
  });

  it('takes the same password however its characters are composed', async () => {
    const stored = await passwords.hash('größe'.normalize('NFKC'));
    expect((await passwords.verify(stored, 'größe'.normalize('NFD'))).isRight).toBe(true);
  });

  it('says when a right password deserves a stronger hash', async () => {
    const stored = await passwords.hash('a good long password');
    const stronger = new Passwords({ cost: { ...CHEAP, passes: 2 } });
    expect(await stronger.verify(stored, 'a good long password')).toEqual({ isRight: true, isWeak: true });
    expect(await stronger.verify(stored, 'wrong')).toEqual({ isRight: false, isWeak: false });
  });

  it.each([null, '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'])(
    'answers no for an over-long text and without a stored hash',
    async (stored) => {
      expect((await passwords.verify(stored, 'x'.repeat(100_000))).isRight).toBe(false);
    },
  );

  it('refuses a flood at once, with a retry time, and serves those who wait', async () => {
    const narrow = new Passwords({ cost: CHEAP, runningMax: 1, waitingMax: 2 });
    const settled = await Promise.allSettled(Array.from({ length: 5 }, () => narrow.hash('x')));
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(settled[4]).toMatchObject({ reason: { code: 'unavailable', retryAfterMs: 3000 } });
    expect(await narrow.hash('x')).toMatch(/^\$argon2id/);
  });
});
