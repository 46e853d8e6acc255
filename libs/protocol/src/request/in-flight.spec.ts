import { describe, expect, it } from 'vitest';
import { InFlight } from './in-flight.js';

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
