import { expect, it } from 'vitest';
import { StreamPriority } from './stream-priority.js';

it('takes the first requests of a stream for those of somebody who waits, and a long stream for bulk work', () => {
  const stream = new StreamPriority();
  const priorities = Array.from({ length: 40 }, () => stream.next());
  expect(priorities.indexOf('bulk')).toBe(32);
  expect(priorities.lastIndexOf('interactive')).toBe(31);
});
