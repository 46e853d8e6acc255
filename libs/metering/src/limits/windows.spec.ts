import { describe, expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { buildPrincipal, grantOf, isGrant, Pods, seeded } from '../testing/pods.js';
import { RateLimitedError } from './rate-limit.js';

const PODS = 4;

onEachDatabase((databases) => {
  describe.each([1, 2, 3])('a window shared by 4 processes (seed %i)', (seed) => {
    it('never lets in more than the limit, and nearly all of it', async () => {
      const pods = new Pods(await databases.open(), PODS);
      const random = seeded(seed);
      const principal = buildPrincipal({ itemsPerDay: 2000 });
      let admitted = 0;
      for (let burst = 0; burst < 60; burst += 1) {
        const asks = Array.from({ length: 20 }, async () => {
          const items = 1 + Math.floor(random() * 5);
          if (isGrant(await pods.ask(Math.floor(random() * PODS), principal, items))) admitted += items;
        });
        await Promise.all(asks);
        await pods.pass(Math.floor(random() * 3));
      }
      expect(admitted).toBeLessThanOrEqual(2000);
      // A chunk is a 20th of the limit at most, and far less towards the end.
      expect(admitted).toBeGreaterThanOrEqual(2000 - PODS * 100);
    });
  });

  it('uses up the whole limit when every process goes on', async () => {
    const pods = new Pods(await databases.open(), PODS);
    const principal = buildPrincipal({ requestsPerMinute: 500 });
    let admitted = 0;
    for (let at = 0; at < 1000; at += 1) if (isGrant(await pods.ask(at % PODS, principal))) admitted += 1;
    expect(admitted).toBe(500);
  });

  it('asks the database at most 25 times for 10,000 requests in a burst, and never for a refused one', async () => {
    const pods = new Pods(await databases.open(), 2);
    const principal = buildPrincipal({ requestsPerMinute: 10_000 });
    for (let at = 0; at < 10_000; at += 1) await pods.ask(at % 2, principal);
    expect(pods.queries).toBeLessThanOrEqual(25);
    for (let at = 0; at < 1000; at += 1) await pods.ask(at % 2, principal);
    await pods.quiet();
    const before = pods.queries;
    for (let at = 0; at < 1000; at += 1) expect(await pods.ask(at % 2, principal)).toBeInstanceOf(RateLimitedError);
    expect(pods.queries).toBe(before);
  });

  it('asks the database at most 60 times for 10,000 requests over an hour', async () => {
    const pods = new Pods(await databases.open(), 2);
    const principal = buildPrincipal({ itemsPerDay: 10_000 });
    for (let at = 0; at < 10_000; at += 1) {
      await pods.ask(at % 2, principal);
      if (at % 25 === 0) await pods.pass(9);
    }
    expect(pods.queries).toBeLessThanOrEqual(60);
  });

  it('loses at most a chunk when a process dies', async () => {
    const pods = new Pods(await databases.open(), 2);
    const principal = buildPrincipal({ itemsPerDay: 1000 });
    await pods.ask(0, principal, 1);
    let admitted = 1;
    for (let at = 0; at < 1000; at += 1) if (isGrant(await pods.ask(1, principal))) admitted += 1;
    expect(admitted).toBeGreaterThanOrEqual(950);
    expect(admitted).toBeLessThan(1000);
  });

  it('gives back at stop what was not spent', async () => {
    const pods = new Pods(await databases.open(), 2);
    const principal = buildPrincipal({ itemsPerDay: 1000 });
    await pods.ask(0, principal, 1);
    await pods.pods[0]!.stop();
    let admitted = 0;
    for (let at = 0; at < 1000; at += 1) if (isGrant(await pods.ask(1, principal))) admitted += 1;
    expect(admitted).toBe(999);
  });
});

describe('a window', () => {
  onEachDatabase((databases) => {
    it('takes nothing of the other limits for a refused request', async () => {
      const pods = new Pods(await databases.open(), 1, { itemsPerDay: 10 });
      const principal = buildPrincipal({ requestsPerMinute: 2 });
      expect(isGrant(await pods.ask(0, principal, 8))).toBe(true);
      expect(await pods.ask(0, principal, 3)).toMatchObject({ code: 'rate_limited', retryAfterMs: 86_400_000 });
      expect(isGrant(await pods.ask(0, principal, 2))).toBe(true);
      expect(await pods.ask(0, principal, 1)).toMatchObject({ message: expect.stringContaining('of the token is 2') });
    });

    it('refuses a request that is larger than the whole limit without saying when to come back', async () => {
      const pods = new Pods(await databases.open(), 1, { itemsPerDay: 10 });
      const refusal = await pods.ask(0, buildPrincipal({}), 11);
      expect(refusal).toMatchObject({ code: 'rate_limited', retryAfterMs: undefined });
      expect(pods.queries).toBe(0);
    });

    it('begins anew with the next minute, and not when the clock is set back a little', async () => {
      const pods = new Pods(await databases.open(), 1);
      const principal = buildPrincipal({ requestsPerMinute: 1 });
      pods.clock.advance(59_000);
      expect(isGrant(await pods.ask(0, principal))).toBe(true);
      pods.clock.advance(1000);
      expect(isGrant(await pods.ask(0, principal))).toBe(true);
      pods.clock.shiftMs = -2000;
      expect(isGrant(await pods.ask(0, principal))).toBe(false);
      pods.clock.shiftMs = -60_000;
      expect(isGrant(await pods.ask(0, principal))).toBe(false);
      pods.clock.shiftMs = 60_000;
      expect(isGrant(await pods.ask(0, principal))).toBe(true);
    });

    it('obeys a changed limit', async () => {
      const pods = new Pods(await databases.open(), 1);
      expect(isGrant(await pods.ask(0, buildPrincipal({ requestsPerMinute: 1 })))).toBe(true);
      expect(isGrant(await pods.ask(0, buildPrincipal({ requestsPerMinute: 1 })))).toBe(false);
      expect(isGrant(await pods.ask(0, buildPrincipal({ requestsPerMinute: 2 })))).toBe(true);
      expect(isGrant(await pods.ask(0, buildPrincipal({ requestsPerMinute: 2 })))).toBe(false);
      expect(isGrant(await pods.ask(0, buildPrincipal({})))).toBe(true);
    });

    it('gets back what a request took that was turned away, of every limit', async () => {
      const pods = new Pods(await databases.open(), 1, { itemsInFlight: 5 });
      const principal = buildPrincipal({ requestsPerMinute: 1, itemsPerDay: 5 });
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const turnedAway = grantOf(await pods.ask(0, principal, 5));
        turnedAway.undo();
        turnedAway.undo();
        turnedAway.finish();
        expect(turnedAway.states.map(({ remaining }) => remaining)).toEqual([1, 5, 5]);
      }
      const done = grantOf(await pods.ask(0, principal, 5));
      done.finish();
      done.undo();
      expect(await pods.ask(0, principal, 1)).toBeInstanceOf(RateLimitedError);
    });

    it('gets nothing back of what was taken in the one before', async () => {
      const pods = new Pods(await databases.open(), 1);
      const principal = buildPrincipal({ requestsPerMinute: 1 });
      const turnedAway = grantOf(await pods.ask(0, principal));
      pods.clock.advance(60_000);
      expect(isGrant(await pods.ask(0, principal))).toBe(true);
      turnedAway.undo();
      expect(isGrant(await pods.ask(0, principal))).toBe(false);
    });

    it('that is used up is open again within 10 seconds of another process giving its part back', async () => {
      const pods = new Pods(await databases.open(), 2);
      const principal = buildPrincipal({ itemsPerDay: 1000 });
      await pods.ask(0, principal, 1);
      while (isGrant(await pods.ask(1, principal)));
      await pods.pods[0]!.stop();
      expect(isGrant(await pods.ask(1, principal))).toBe(false);
      await pods.pass(10, [1]);
      let admitted = 0;
      while (isGrant(await pods.ask(1, principal))) admitted += 1;
      expect(admitted).toBe(49);
    });

    it('that stays used up costs each process one query in 10 seconds, however many it refuses', async () => {
      const pods = new Pods(await databases.open(), 1);
      const principal = buildPrincipal({ itemsPerDay: 1 });
      await pods.ask(0, principal);
      await pods.ask(0, principal);
      const before = pods.queries;
      for (let second = 0; second < 60; second += 1) {
        const asks = Array.from({ length: 20 }, () => pods.ask(0, principal));
        expect((await Promise.all(asks)).some(isGrant)).toBe(false);
        await pods.pass(1);
      }
      expect(pods.queries - before).toBeLessThanOrEqual(6);
    });

    it('says what is left', async () => {
      const pods = new Pods(await databases.open(), 1);
      const grant = await pods.ask(0, buildPrincipal({ requestsPerMinute: 100 }));
      expect(grant.states).toEqual([
        { name: 'requestsPerMinute', limit: 100, remaining: 99, resetMs: 60_000, windowMs: 60_000 },
      ]);
    });
  });
});
