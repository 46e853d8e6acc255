import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { WaitingHistory } from './waiting-part.js';

const MINUTE_MS = 60_000;

const waits = (principalId: string, oldestAgeMs: number) => ({ principalId, items: 2, requests: 1, oldestAgeMs });

it('keeps the longest wait of each principal by the minute, over all models, the longest first', () => {
  const clock = new ManualClock();
  const history = new WaitingHistory(clock);
  const startMs = Math.floor(clock.wallMs() / MINUTE_MS) * MINUTE_MS;
  history.look([waits('a', 10), waits('b', 500), waits('a', 30)]);
  const { minutes, byPrincipal } = history.look([waits('a', 20), waits('a', 5)]);
  expect(minutes).toEqual([startMs]);
  expect(byPrincipal).toEqual([
    { principalId: 'b', items: 0, requests: 0, oldestAgeMs: 0, longestMs: [500] },
    { principalId: 'a', items: 4, requests: 2, oldestAgeMs: 20, longestMs: [30] },
  ]);
  clock.advance(MINUTE_MS);
  expect(history.look([]).byPrincipal.map(({ longestMs }) => longestMs)).toEqual([
    [500, null],
    [30, null],
  ]);
});

it('forgets what is older than 15 minutes, and tells of 50 principals at most', () => {
  const clock = new ManualClock();
  const history = new WaitingHistory(clock);
  const told = history.look(Array.from({ length: 60 }, (_, at) => waits(`p${at}`, at)));
  expect(told.byPrincipal).toHaveLength(50);
  expect(told.byPrincipal[0]).toMatchObject({ principalId: 'p59' });
  clock.advance(15 * MINUTE_MS);
  expect(history.look([]).byPrincipal).toEqual([]);
});
