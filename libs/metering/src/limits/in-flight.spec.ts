import { describe, expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { buildPrincipal, isGrant, Pods, seeded } from '../testing/pods.js';
import type { Grant } from './rate-limit.js';

const PODS = 3;

onEachDatabase((databases) => {
  describe.each([1, 2, 3])('what is in flight in 3 processes (seed %i)', (seed) => {
    it('is never above the limit and reaches it', async () => {
      const pods = new Pods(await databases.open(), PODS);
      const random = seeded(seed);
      const principal = buildPrincipal({ itemsInFlight: 40 });
      const running: { grant: Grant; items: number }[] = [];
      let inFlight = 0;
      let most = 0;
      for (let step = 0; step < 150; step += 1) {
        const asks = Array.from({ length: 8 }, async () => {
          const items = 1 + Math.floor(random() * 4);
          const grant = await pods.ask(Math.floor(random() * PODS), principal, items);
          if (!isGrant(grant)) return;
          running.push({ grant, items });
          inFlight += items;
          most = Math.max(most, inFlight);
        });
        await Promise.all(asks);
        while (running.length > 0 && random() < 0.75) {
          const [ended] = running.splice(Math.floor(random() * running.length), 1);
          ended!.grant.finish();
          ended!.grant.finish();
          inFlight -= ended!.items;
        }
        if (random() < 0.5) await pods.pass(1);
      }
      expect(most).toBeLessThanOrEqual(40);
      expect(most).toBeGreaterThanOrEqual(36);
    });
  });

  it('lets another process have the places of one that is idle within two seconds', async () => {
    const pods = new Pods(await databases.open(), 2);
    const principal = buildPrincipal({ itemsInFlight: 10 });
    const grant = await pods.ask(0, principal, 10);
    expect(await pods.ask(1, principal, 1)).toMatchObject({ code: 'rate_limited', retryAfterMs: 250 });
    if (isGrant(grant)) grant.finish();
    await pods.pass(2);
    expect(isGrant(await pods.ask(1, principal, 10))).toBe(true);
  });

  it('lets another process have its share while one is always busy', async () => {
    const pods = new Pods(await databases.open(), 2);
    const principal = buildPrincipal({ itemsInFlight: 4 });
    const busy: Grant[] = [];
    const keepBusy = async (): Promise<void> => {
      busy.shift()?.finish();
      for (let grant = await pods.ask(0, principal); isGrant(grant); grant = await pods.ask(0, principal))
        busy.push(grant);
    };
    await keepBusy();
    expect(busy).toHaveLength(4);
    let got = false;
    for (let second = 0; second < 20 && !got; second += 1) {
      got = isGrant(await pods.ask(1, principal));
      await keepBusy();
      await pods.pass(1);
    }
    expect(got).toBe(true);
  });

  it('gives the places of a dead process back after 30 seconds, and keeps those of a living one', async () => {
    const pods = new Pods(await databases.open(), 3);
    const principal = buildPrincipal({ itemsInFlight: 10 });
    await pods.ask(0, principal, 6);
    await pods.ask(1, principal, 4);
    await pods.pass(29, [1, 2]);
    expect(isGrant(await pods.ask(2, principal, 1))).toBe(false);
    await pods.pass(2, [1, 2]);
    expect(isGrant(await pods.ask(2, principal, 6))).toBe(true);
    expect(isGrant(await pods.ask(2, principal, 1))).toBe(false);
  });

  it('asks the database at most 20 times for 10,000 requests of a process that has what it needs', async () => {
    const pods = new Pods(await databases.open(), 1);
    const principal = buildPrincipal({ itemsInFlight: 100 });
    for (let at = 0; at < 10_000; at += 1) {
      const grant = await pods.ask(0, principal);
      if (isGrant(grant)) grant.finish();
      if (at % 500 === 0) await pods.pass(1);
    }
    expect(pods.queries).toBeLessThanOrEqual(20);
  });

  it('does not ask the database for each refused request', async () => {
    const pods = new Pods(await databases.open(), 1);
    const principal = buildPrincipal({ itemsInFlight: 5 });
    await pods.ask(0, principal, 5);
    const before = pods.queries;
    for (let at = 0; at < 1000; at += 1) await pods.ask(0, principal);
    expect(pods.queries - before).toBe(1);
  });
});
