import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '#audit';
import { ManualClock } from '#core';
import { Database } from '#database';
import { AuditWatch } from './audit-watch.js';

const HOUR_MS = 60 * 60 * 1000;
const ANN = { kind: 'account', id: 'ann', name: 'ann@example.com', from: null } as const;

describe('the watch of the audit trail', () => {
  let folder: string;
  let database: Database;
  let clock: ManualClock;
  let errors: object[];
  let watch: AuditWatch;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cas-audit-'));
    database = await Database.open({ dataDir: folder });
    clock = new ManualClock();
    errors = [];
    watch = new AuditWatch({ database, clock, log: { error: (fields: object) => void errors.push(fields) } });
    await append(3);
  });
  afterEach(async () => {
    await watch.stop();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const append = async (count: number): Promise<void> => {
    const change = { actor: ANN, action: 'token.create', target: { kind: 'token', id: '1', name: 'ci' } };
    for (let at = 0; at < count; at++) await database.transaction((manager) => appendAudit(manager, change, at));
  };

  const tamper = (...statements: string[]): Promise<void> =>
    database.transaction(async (manager) => {
      for (const name of ['no_delete', 'no_update', 'no_replace']) {
        await manager.query(`DROP TRIGGER IF EXISTS audit_event_${name}`);
      }
      for (const statement of statements) await manager.query(statement);
    });

  it('finds a whole trail whole, at the start and as it grows', async () => {
    expect(watch.isIntact).toBeUndefined();
    watch.start();
    await expect.poll(() => watch.isIntact).toBe(true);
    await append(2);
    clock.advance(HOUR_MS);
    await watch.stop();
    expect([watch.isIntact, errors]).toEqual([true, []]);
  });

  it('finds a broken one at the start, and reports it once', async () => {
    await tamper("UPDATE audit_event SET actor_name = 'bob' WHERE seq = 2");
    watch.start();
    await expect.poll(() => watch.isIntact).toBe(false);
    clock.advance(HOUR_MS);
    await watch.stop();
    expect([watch.isIntact, errors]).toEqual([false, [{ seq: 2, reason: expect.stringContaining('changed') }]]);
  });

  it.each([
    ['a new event that was changed', "UPDATE audit_event SET actor_name = 'bob' WHERE seq = 5"],
    ['the last one that was checked, changed', "UPDATE audit_event SET hash = 'x' WHERE seq = 3"],
    ['the tail cut off, beyond what was checked', 'DELETE FROM audit_event WHERE seq > 2'],
    ['new events cut off', 'DELETE FROM audit_event WHERE seq > 4'],
  ])('finds within the hour %s', async (_, statement) => {
    watch.start();
    await expect.poll(() => watch.isIntact).toBe(true);
    await append(2);
    await tamper(statement);
    clock.advance(HOUR_MS);
    await expect.poll(() => watch.isIntact).toBe(false);
  });

  it('finds within the day what was changed after it had been checked', { timeout: 40_000 }, async () => {
    watch.start();
    await expect.poll(() => watch.isIntact).toBe(true);
    await tamper("UPDATE audit_event SET actor_name = 'bob' WHERE seq = 1");
    await expect
      .poll(
        () => {
          clock.advance(HOUR_MS);
          return watch.isIntact;
        },
        { interval: 5, timeout: 30_000 },
      )
      .toBe(false);
  });
});
