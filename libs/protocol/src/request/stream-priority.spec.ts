import { describe, expect, it } from 'vitest';
import type { Priority } from '#core';
import { StreamPriority } from './stream-priority.js';

describe('StreamPriority', () => {
  it('takes a stream whose caller waits for each answer for interactive, however long it goes on', async () => {
    const stream = new StreamPriority();
    const priorities = new Set<Priority>();
    for (let n = 0; n < 100; n += 1) await stream.during(1, async (priority) => void priorities.add(priority));
    expect([...priorities]).toEqual(['interactive']);
  });

  it('takes a stream that is never empty for bulk work after 32 items', async () => {
    const { start, priorities } = requests();
    for (let n = 0; n < 40; n += 1) start(1);
    expect(priorities.indexOf('bulk')).toBe(32);
    expect(priorities.lastIndexOf('interactive')).toBe(31);
  });

  it('counts items, not requests', () => {
    const { start, priorities } = requests();
    for (const items of [32, 32, 1]) start(items);
    expect(priorities).toEqual(['interactive', 'bulk', 'bulk']);
  });

  it('counts anew once all is answered, also with an error', async () => {
    const { start, priorities } = requests();
    const [one, other] = [start(40), start(1)];
    one.resolve();
    other.reject(new Error('the model is gone'));
    await Promise.allSettled([one.done, other.done]);
    start(1);
    expect(priorities).toEqual(['bulk', 'bulk', 'interactive']);
  });
});

/** Requests of one stream that end when the test says so. */
function requests() {
  const stream = new StreamPriority();
  const priorities: Priority[] = [];
  const start = (items: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const done = stream.during(items, (priority) => {
      priorities.push(priority);
      return promise;
    });
    return { done, resolve, reject };
  };
  return { start, priorities };
}
