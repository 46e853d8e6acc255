import { describe, expect, it } from 'vitest';
import { deviceCookieOf, deviceOf } from './device-cookie.js';

const ANN = { id: 'ann', passwordHash: '$argon2id$one' };

describe('device cookie', () => {
  it('is known again, each browser by its own number', () => {
    const [one, other] = [deviceCookieOf(ANN), deviceCookieOf(ANN)];
    expect(deviceOf(one, ANN)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(deviceOf(one, ANN)).not.toBe(deviceOf(other, ANN));
  });

  it('is nothing for another account, after a new password, or without an account', () => {
    const cookie = deviceCookieOf(ANN);
    expect(deviceOf(cookie, { ...ANN, id: 'bob' })).toBeUndefined();
    expect(deviceOf(cookie, { ...ANN, passwordHash: '$argon2id$two' })).toBeUndefined();
    expect(deviceOf(cookie, { ...ANN, passwordHash: null })).toBeUndefined();
    expect(deviceOf(cookie, null)).toBeUndefined();
  });

  it.each([undefined, '', 'x', `${'a'.repeat(43)}.${'b'.repeat(43)}`])('is nothing when forged: %j', (cookie) => {
    expect(deviceOf(cookie, ANN)).toBeUndefined();
  });
});
