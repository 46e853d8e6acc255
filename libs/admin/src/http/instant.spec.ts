import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instantOf } from './instant.js';

const HALF_PAST_NINE_MS = Date.UTC(2026, 0, 31, 9, 30);

describe('a time as callers write it', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'America/New_York');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    '2026-01-31T09:30:00',
    '2026-01-31t09:30',
    '2026-01-31 09:30:00',
    '2026-01-31 09:30:00.000',
    '2026-01-31\t09:30',
  ])('is UTC whatever the zone of the machine when it names none: %s', (text) => {
    expect(new Date(2026, 0, 31).getTimezoneOffset()).toBe(300);
    expect(instantOf(text)).toBe(HALF_PAST_NINE_MS);
  });

  it.each(['2026-01-31', '2026-01-31 '])('is the begin of the day in UTC when it is a day: "%s"', (text) => {
    expect(instantOf(text)).toBe(Date.UTC(2026, 0, 31));
  });

  it.each(['2026-01-31T04:30:00-05:00', '2026-01-31 04:30:00-05:00', '2026-01-31 09:30Z'])(
    'is in the zone it names: %s',
    (text) => {
      expect(instantOf(text)).toBe(HALF_PAST_NINE_MS);
    },
  );

  it.each(['', 'yesterday', '20260131', '2026-W05-1'])(
    'is refused where it leaves open what is meant: "%s"',
    (text) => {
      expect(() => instantOf(text)).toThrow('A time must be like');
    },
  );
});
