import { expect, it } from 'vitest';
import { ranksOf } from './ranks.js';

it('the greatest value is the first, equal ones share a place, and what failed has none', () => {
  expect(ranksOf([0.2, 0.9, null, 0.2, 0.1])).toEqual([2, 1, null, 2, 4]);
});
