import { expect, it } from 'vitest';
import { spanOf, startsOf, usageSearchOf } from './usage-search.js';

const DAY_MS = 86_400_000;

it('an address is read, and what is not understood is left out', () => {
  expect(usageSearchOf({ days: 30, split: 'token', measure: 'items', model: 'm', by: 'hour' })).toEqual({
    ...{ days: 30, split: 'token', measure: 'items', model: 'm', by: 'hour' },
  });
  expect(usageSearchOf({ days: 3, split: 'colour', by: 'minute', model: 7, from: 5, to: 4 })).toEqual({});
  expect(usageSearchOf({ from: 1_000, to: 2_000, token: '' })).toEqual({ from: 1_000, to: 2_000 });
});

it('a span is the last week where nothing else is said, by hours where it is short and by days where it is long', () => {
  const nowMs = Date.UTC(2026, 0, 31, 11, 30);
  const toMs = Date.UTC(2026, 0, 31, 12);
  expect(spanOf({}, nowMs)).toEqual({ fromMs: toMs - 7 * DAY_MS, toMs, by: 'day' });
  expect(spanOf({ days: 1 }, nowMs)).toMatchObject({ by: 'hour' });
  expect(spanOf({ days: 365, by: 'hour' }, nowMs)).toMatchObject({ by: 'day' });
});

it('every hour or day of a span has its place, also where nothing was', () => {
  expect(startsOf({ fromMs: DAY_MS, toMs: 3 * DAY_MS, by: 'day' })).toEqual([DAY_MS, 2 * DAY_MS]);
  expect(startsOf({ fromMs: DAY_MS / 2, toMs: DAY_MS, by: 'hour' })).toHaveLength(12);
});
