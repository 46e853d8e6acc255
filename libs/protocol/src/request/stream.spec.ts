import { describe, expect, it } from 'vitest';
import { InFlight, StreamPriority } from './stream.js';
import type { Priority } from '#core';

describe('InFlight', () => {
  it('has no room at its count until one has ended', async () => {
    const inFlight = new InFlight(2, 1_000);
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    void inFlight.start(1, () => first.promise);
    expect(inFlight.hasRoom).toBe(true);
    void inFlight.start(1, () => second.promise);
    expect(inFlight.hasRoom).toBe(false);
    second.resolve();
    await inFlight.room();
    expect(inFlight.hasRoom).toBe(true);
  });

  it('has no room at its bytes, and one request larger than the bound still gets in alone', async () => {
    const inFlight = new InFlight(10, 100);
    const large = Promise.withResolvers<void>();
    expect(inFlight.hasRoom).toBe(true);
    void inFlight.start(500, () => large.promise);
    expect(inFlight.hasRoom).toBe(false);
    large.resolve();
    await inFlight.room();
    expect(inFlight.hasRoom).toBe(true);
  });

  it('counts what the answers will hold, from when that is known until the request has ended', async () => {
    const inFlight = new InFlight(10, 50_000, 50_000);
    const answered = Promise.withResolvers<void>();
    void inFlight.start(1, (noteItems) => {
      noteItems(10);
      return answered.promise;
    });
    expect(inFlight.hasRoom).toBe(true);
    void inFlight.start(1, (noteItems) => {
      noteItems(3);
      return answered.promise;
    });
    expect(inFlight.hasRoom).toBe(false);
    answered.resolve();
    await inFlight.idle();
    expect(inFlight.hasRoom).toBe(true);
  });

  it('is idle only when also what was started meanwhile has ended', async () => {
    const inFlight = new InFlight(10, 100);
    const ended: string[] = [];
    const later = Promise.withResolvers<void>();
    void inFlight.start(1, () => {
      void inFlight.start(1, () => later.promise.then(() => void ended.push('later')));
      queueMicrotask(() => later.resolve());
      return Promise.resolve();
    });
    await inFlight.idle();
    expect(ended).toEqual(['later']);
  });
});

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
