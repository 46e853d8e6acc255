import { expect, it } from 'vitest';
import { formatRateLimit } from './format-rate-limit.js';

it('writes structured fields, and the older fields for the tightest limit', () => {
  const fields = formatRateLimit([
    { name: 'requestsPerMinute', limit: 100, remaining: 50, resetMs: 29_001, windowMs: 60_000 },
    { name: 'itemsPerDay', limit: 1000, remaining: 10, resetMs: 3_600_000, windowMs: 86_400_000 },
    { name: 'itemsInFlight', limit: 8, remaining: 8, resetMs: 0 },
  ]);
  expect(fields).toEqual({
    'RateLimit-Policy': '"requests";q=100;w=60, "items";q=1000;w=86400, "in-flight";q=8',
    RateLimit: '"requests";r=50;t=30, "items";r=10;t=3600, "in-flight";r=8;t=0',
    'RateLimit-Limit': '1000',
    'RateLimit-Remaining': '10',
    'RateLimit-Reset': '3600',
  });
});

it('writes nothing without limits', () => {
  expect(formatRateLimit([])).toEqual({});
});
