import { expect, it } from 'vitest';
import { changesOf } from './changes.js';

it('what differs comes first, and what was not there before is told so', () => {
  const before = { name: 'ci', limits: { itemsPerDay: 10 }, scopes: ['encode'] };
  const after = { name: 'ci', limits: { itemsPerDay: 20, itemsInFlight: 5 }, scopes: ['encode', 'rank'] };
  expect(changesOf(before, after)).toEqual([
    { field: 'limits · itemsPerDay', before: '10', after: '20', isChanged: true },
    { field: 'scopes', before: 'encode', after: 'encode, rank', isChanged: true },
    { field: 'limits · itemsInFlight', before: null, after: '5', isChanged: true },
    { field: 'name', before: 'ci', after: 'ci', isChanged: false },
  ]);
});

it('a change without a before, or of a bare value, has its fields, too', () => {
  expect(changesOf(null, { level: 'debug' })).toEqual([
    { field: 'level', before: null, after: 'debug', isChanged: true },
  ]);
  expect(changesOf('member', 'admin')).toEqual([{ field: 'value', before: 'member', after: 'admin', isChanged: true }]);
  expect(changesOf(null, null)).toEqual([]);
});

it('times are told as times', () => {
  expect(changesOf({ expiresAtMs: null }, { expiresAtMs: 1_798_657_773_140 })).toEqual([
    { field: 'expiresAt', before: 'none', after: '2026-12-30T19:09:33.140Z', isChanged: true },
  ]);
});
