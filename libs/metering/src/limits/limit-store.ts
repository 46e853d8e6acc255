import type { Database } from '#database';
import { LimitLeaseEntity, LimitWindowEntity } from '#database';
import { type EntityManager, LessThan, MoreThan } from 'typeorm';

/** One window of one limit of one subject. */
export interface WindowKey {
  readonly subject: string;
  readonly limitName: string;
  readonly windowStartMs: number;
}

/** What one process wants to hold of a limit on things in flight. */
export interface LeaseClaim {
  readonly subject: string;
  readonly holder: string;
  readonly limit: number;
  readonly wanted: number;
  /**
   * When not even this much is free, the holder gets no more than `keep`, so the others keep parts that it could not
   * use.
   */
  readonly least: number;
  readonly keep: number;
  /** Wall clock. */
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

/** The answer to a claim. */
export interface Lease {
  readonly amount: number;
  /** What the other holders have. */
  readonly others: number;
  /** How many processes have a part, or wait for one, this one included. */
  readonly holders: number;
  /** Whether another process waits without any part. */
  readonly hungry: boolean;
}

/** Name of the row that serialises the claims on one subject's leases. */
const LEASE_LOCK = 'itemsInFlight';

/** The rows that processes share their limits by. Every method is one short transaction. */
export class LimitStore {
  constructor(private readonly database: Database) {}

  /** Takes up to `amount` of what is left of `limit`; `taken` is what it got, `granted` what all have got by now. */
  take(key: WindowKey, amount: number, limit: number): Promise<{ taken: number; granted: number }> {
    return this.database.transaction(async (manager) => {
      const before = await this.lockWindow(manager, key);
      const taken = Math.max(0, Math.min(amount, limit - before));
      if (taken > 0) await manager.update(LimitWindowEntity, { ...key }, { granted: before + taken });
      return { taken, granted: before + taken };
    });
  }

  /** Gives `amount` of a window back that was taken and not spent. */
  async putBack(key: WindowKey, amount: number): Promise<void> {
    await this.database.transaction(async (manager) => {
      const before = await this.lockWindow(manager, key);
      await manager.update(LimitWindowEntity, { ...key }, { granted: Math.max(0, before - amount) });
    });
  }

  /**
   * Sets the holder's lease to as much of `wanted` as the unexpired leases of the others leave of `limit`. A lease of 0
   * tells the others that the holder waits.
   */
  claim(claim: LeaseClaim): Promise<Lease> {
    const { subject, holder, limit, nowMs, expiresAtMs } = claim;
    return this.database.transaction(async (manager) => {
      await this.lockWindow(manager, { subject, limitName: LEASE_LOCK, windowStartMs: 0 });
      const rows = await manager.findBy(LimitLeaseEntity, { subject, expiresAtMs: MoreThan(nowMs) });
      const others = rows.filter((row) => row.holder !== holder);
      const othersHold = others.reduce((sum, row) => sum + row.amount, 0);
      const free = Math.max(0, limit - othersHold);
      const amount = Math.min(free >= claim.least ? claim.wanted : claim.keep, free);
      await manager.upsert(LimitLeaseEntity, { subject, holder, amount, expiresAtMs }, ['subject', 'holder']);
      const hungry = others.some((row) => row.amount === 0);
      return { amount, others: othersHold, holders: others.length + 1, hungry };
    });
  }

  /** Ends the holder's lease. */
  async release(subject: string, holder: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(LimitLeaseEntity, { subject, holder }));
  }

  /** Removes windows that began before `windowsMs` and leases that ended before `leasesMs`. */
  async tidy(windowsMs: number, leasesMs: number): Promise<void> {
    await this.database.transaction(async (manager) => {
      // From 1: the rows at 0 are locks.
      const windows = manager.createQueryBuilder().delete().from(LimitWindowEntity);
      await windows.where('window_start_ms > 0 AND window_start_ms < :windowsMs', { windowsMs }).execute();
      await manager.delete(LimitLeaseEntity, { expiresAtMs: LessThan(leasesMs) });
    });
  }

  /** Makes the row if needed and holds it until the transaction ends; what it says is granted. */
  private async lockWindow(manager: EntityManager, key: WindowKey): Promise<number> {
    const marks = this.database.dialect === 'postgres' ? '$1, $2, $3' : '?, ?, ?';
    const rows: unknown = await manager.query(
      `INSERT INTO limit_window (subject, limit_name, window_start_ms, granted) VALUES (${marks}, 0)
       ON CONFLICT (subject, limit_name, window_start_ms) DO UPDATE SET granted = limit_window.granted
       RETURNING granted`,
      [key.subject, key.limitName, key.windowStartMs],
    );
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    if (typeof row !== 'object' || row === null || !('granted' in row)) throw new TypeError('The window has no row.');
    return Number(row.granted);
  }
}
