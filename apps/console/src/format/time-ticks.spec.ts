import { expect, it } from 'vitest';
import { timeTicks } from './time-ticks.js';

const at = (text: string) => Date.parse(`${text}Z`);

it('names times of day, with the day under the first and under midnight', () => {
  const times = ['2026-11-30T22:00', '2026-11-30T23:00', '2026-12-01T00:00', '2026-12-01T01:00'].map(at);
  expect(timeTicks(times, 3_600_000, 'UTC')).toEqual(['22:00\n30 Nov', '23:00', '00:00\n1 Dec', '01:00']);
});

it('names seconds where times are less than a minute apart', () => {
  expect(timeTicks([at('2026-11-30T22:00:30')], 30_000, 'UTC')).toEqual(['22:00:30\n30 Nov']);
});

it('names days, with the year under the first and under a new one', () => {
  const times = ['2026-12-30T00:00', '2026-12-31T00:00', '2027-01-01T00:00'].map(at);
  expect(timeTicks(times, 86_400_000, 'UTC')).toEqual(['30 Dec\n2026', '31 Dec', '1 Jan\n2027']);
});
