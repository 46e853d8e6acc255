import { ManualClock } from '#core';
import { beforeEach, describe, expect, it } from 'vitest';
import { LoginThrottle, type LoginSource } from './login-throttle.js';
import { sourcePrefix } from './login-throttle.js';

const ANN = 'ann@example.com';
const HOME = '192.0.2.1';
const ATTACKER = '198.51.100.7';

describe('LoginThrottle', () => {
  let clock: ManualClock;
  let throttle: LoginThrottle;
  beforeEach(() => {
    clock = new ManualClock();
    throttle = new LoginThrottle({ clock });
  });

  const fail = (source: LoginSource, times: number): void => {
    for (let time = 0; time < times; time += 1) throttle.begin(source);
  };
  const waitOf = (source: LoginSource): number => {
    try {
      throttle.begin(source).succeeded();
      return 0;
    } catch (err) {
      return (err as { retryAfterMs: number }).retryAfterMs;
    }
  };

  it('lets a person mistype a few times, then doubles the wait up to 15 minutes', () => {
    const source = { email: ANN, from: HOME };
    fail(source, 5);
    const waits: number[] = [];
    for (let time = 0; time < 12; time += 1) {
      const waitMs = waitOf(source);
      waits.push(waitMs / 1000);
      clock.advance(waitMs);
      fail(source, 1);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('refuses with a retry time', () => {
    fail({ email: ANN, from: HOME }, 5);
    expect(() => throttle.begin({ email: ANN, from: HOME })).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterMs: 1000 }) as never,
    );
  });

  it('cannot lock a victim out: failures elsewhere do not count for another address', () => {
    for (let host = 0; host < 250; host += 1) fail({ email: ANN, from: `198.51.100.${host}` }, 5);
    expect(waitOf({ email: ANN, from: HOME })).toBe(0);
  });

  it('lets a known browser in while its own address is blocked', () => {
    for (let person = 0; person < 5; person += 1) fail({ email: `p${person}@example.com`, from: HOME }, 4);
    expect(waitOf({ email: ANN, from: HOME })).toBeGreaterThan(0);
    expect(waitOf({ email: ANN, from: HOME, device: 'known' })).toBe(0);
  });

  it('slows a known browser that guesses, and only that one', () => {
    fail({ email: ANN, from: HOME, device: 'stolen' }, 10);
    expect(waitOf({ email: ANN, from: ATTACKER, device: 'stolen' })).toBe(1000);
    expect(waitOf({ email: ANN, from: HOME })).toBe(0);
  });

  it('slows one address that tries one password on many accounts', () => {
    for (let person = 0; person < 20; person += 1) fail({ email: `p${person}@example.com`, from: ATTACKER }, 1);
    expect(waitOf({ email: 'another@example.com', from: ATTACKER })).toBe(1000);
  });

  it('slows a whole IPv6 network, since a host may choose any address of it', () => {
    for (let host = 1; host <= 5; host += 1) fail({ email: ANN, from: `2001:db8:0:1::${host}` }, 1);
    expect(waitOf({ email: ANN, from: '2001:db8:0:1:ffff::9' })).toBe(1000);
    expect(waitOf({ email: ANN, from: '2001:db8:0:2::1' })).toBe(0);
  });

  it('counts tries that run at the same time', () => {
    const attempts = Array.from({ length: 5 }, () => throttle.begin({ email: ANN, from: HOME }));
    expect(() => throttle.begin({ email: ANN, from: HOME })).toThrow();
    attempts.forEach((attempt) => attempt.succeeded());
    expect(waitOf({ email: ANN, from: HOME })).toBe(0);
  });

  it('forgets the mistakes of whoever logs in, but not those of the address on other accounts', () => {
    fail({ email: ANN, from: HOME }, 4);
    throttle.begin({ email: ANN, from: HOME }).succeeded();
    fail({ email: ANN, from: HOME }, 4);
    expect(waitOf({ email: ANN, from: HOME })).toBe(0);
    for (let person = 0; person < 12; person += 1) fail({ email: `p${person}@example.com`, from: HOME }, 1);
    expect(waitOf({ email: ANN, from: HOME })).toBe(1000);
  });

  it('does not count a try that was never checked', async () => {
    for (let time = 0; time < 50; time += 1) {
      const attempt = throttle.begin({ email: ANN, from: HOME });
      await expect(attempt.watch(() => Promise.reject(new Error('queue full')))).rejects.toThrow();
    }
    expect(waitOf({ email: ANN, from: HOME })).toBe(0);
  });

  it('starts afresh after an hour without a failure', () => {
    fail({ email: ANN, from: HOME }, 5);
    clock.advance(3_600_000);
    fail({ email: ANN, from: HOME }, 4);
    expect(waitOf({ email: ANN, from: HOME })).toBe(0);
  });

  it('keeps bounded memory and forgets the longest untouched first', () => {
    throttle = new LoginThrottle({ clock, entriesMax: 10 });
    fail({ email: ANN, from: ATTACKER }, 5);
    for (let host = 0; host < 4; host += 1) fail({ email: ANN, from: `203.0.113.${host}` }, 1);
    expect(waitOf({ email: ANN, from: ATTACKER })).toBe(1000);
    fail({ email: ANN, from: '203.0.113.99' }, 1);
    expect(waitOf({ email: ANN, from: ATTACKER })).toBe(0);
  });
});

describe('sourcePrefix', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (address, prefix) => {
    expect(sourcePrefix(address)).toBe(prefix);
  });
});
