import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { buildPrincipal, isGrant, Pods } from '../testing/pods.js';

const GONE = new DomainError('unavailable', 'The database cannot be reached.');

describe('while the database is out of reach', () => {
  onEachDatabase((databases) => {
    it('each process decides by the whole limit, asks every 5 seconds at most, and settles afterwards', async () => {
      const pods = new Pods(await databases.open(), 2);
      const principal = buildPrincipal({ itemsPerDay: 100 });
      const repair = pods.breakDatabase(GONE);
      let admitted = 0;
      for (let at = 0; at < 200; at += 1) if (isGrant(await pods.ask(0, principal))) admitted += 1;
      expect(admitted).toBe(100);
      for (let at = 0; at < 20; at += 1) expect(isGrant(await pods.ask(1, principal))).toBe(true);
      await pods.pass(20);
      expect(pods.queries).toBeLessThanOrEqual(2 * 5);
      repair();
      await pods.pass(6);
      expect(isGrant(await pods.ask(0, principal))).toBe(false);
      expect(isGrant(await pods.ask(1, principal))).toBe(false);
    });

    it('places in flight are counted per process, and shared again afterwards', async () => {
      const pods = new Pods(await databases.open(), 2);
      const principal = buildPrincipal({ itemsInFlight: 4 });
      const repair = pods.breakDatabase(GONE);
      const grant = await pods.ask(0, principal, 4);
      expect(isGrant(await pods.ask(0, principal))).toBe(false);
      repair();
      await pods.pass(6);
      expect(isGrant(await pods.ask(1, principal))).toBe(false);
      if (isGrant(grant)) grant.finish();
      await pods.pass(2);
      expect(isGrant(await pods.ask(1, principal))).toBe(true);
    });
  });
});
