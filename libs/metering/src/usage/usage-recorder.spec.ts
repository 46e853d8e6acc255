import { describe, expect, it, vi } from 'vitest';
import { DomainError, ManualClock } from '#core';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { DAY_MS, HOUR_MS } from './usage.js';
import { UsageRecorder } from './usage-recorder.js';

const USE = { principalId: 'token-1', model: 'm', requests: 1, items: 3, refused: 0, denied: 0 };
const HTTP = { protocol: 'http', outcome: 'ok' };

/** 500 tokens in each of 48 hours, 24,000 rows. */
const ROWS_OF_TWO_DAYS = `
  WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < 23999)
  INSERT INTO usage_hour (principal_id, model, hour_start_ms, requests, items, refused)
  SELECT 'token-' || (n % 500), 'm', (n / 500) * ${HOUR_MS}, 1, 3, 0 FROM counted`;

describe('usage', () => {
  onEachDatabase((databases) => {
    it('is summed over processes by the hour, the day and in total', async () => {
      const database = await databases.open();
      const clock = new ManualClock();
      const recorders = [new UsageRecorder({ database, clock }), new UsageRecorder({ database, clock })];
      for (const recorder of recorders) recorder.record({ ...USE, ...HTTP });
      clock.advance(HOUR_MS);
      recorders[0]!.record({ ...USE, ...HTTP, requests: 0, items: 0, refused: 1 });
      await Promise.all(recorders.map((recorder) => recorder.stop()));
      const range = { fromMs: 0, toMs: DAY_MS, principalIds: ['token-1'], model: 'm' };
      const both = { ...USE, requests: 2, items: 6 };
      expect(await recorders[1]!.query({ ...range, by: 'hour' })).toEqual([
        { ...both, startMs: 0 },
        { ...USE, requests: 0, items: 0, refused: 1, startMs: HOUR_MS },
      ]);
      expect(await recorders[1]!.query({ ...range, by: 'day' })).toEqual([{ ...both, refused: 1, startMs: 0 }]);
      expect(await recorders[1]!.query({ ...range, by: 'total' })).toEqual([{ ...both, refused: 1, startMs: 0 }]);
      expect(await recorders[1]!.query({ ...range, principalIds: [], by: 'total' })).toEqual([]);
    });

    it('of more tokens than a statement takes values is summed, for one model too', async () => {
      const recorder = new UsageRecorder({ database: await databases.open(), clock: new ManualClock() });
      recorder.record({ ...USE, ...HTTP });
      recorder.record({ ...USE, ...HTTP, principalId: 'token-40000' });
      recorder.record({ ...USE, ...HTTP, model: 'other' });
      await recorder.flush();
      const principalIds = Array.from({ length: 40_000 }, (_, at) => `token-${at}`);
      const query = { fromMs: 0, toMs: DAY_MS, principalIds, model: 'm', by: 'day' } as const;
      expect(await recorder.query(query)).toEqual([{ ...USE, startMs: 0 }]);
    });

    it('is refused in more rows than an answer may have, and told in fewer', async () => {
      const database = await databases.open();
      await database.transaction((manager) => manager.query(ROWS_OF_TWO_DAYS));
      const recorder = new UsageRecorder({ database, clock: new ManualClock() });
      const range = { fromMs: 0, toMs: 2 * DAY_MS };
      await expect(recorder.query({ ...range, by: 'hour' })).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(await recorder.query({ ...range, toMs: DAY_MS, by: 'hour' })).toHaveLength(12_000);
      const days = await recorder.query({ ...range, by: 'day' });
      expect(days).toHaveLength(1000);
      expect(days[0]).toEqual({ ...USE, principalId: 'token-0', requests: 24, items: 72, startMs: 0 });
    });

    it('is written in parts: what was written before the database went away is not written again', async () => {
      const database = await databases.open();
      const recorder = new UsageRecorder({ database, clock: new ManualClock() });
      for (let at = 0; at < 1200; at += 1) recorder.record({ ...USE, ...HTTP, principalId: `token-${at}` });
      const { transaction } = database;
      const writes = vi
        .spyOn(database, 'transaction')
        .mockImplementationOnce((work) => transaction.call(database, work) as never);
      writes.mockRejectedValueOnce(new DomainError('unavailable', 'gone'));
      await expect(recorder.flush()).rejects.toMatchObject({ code: 'unavailable' });
      writes.mockRestore();
      await recorder.stop();
      const found = await recorder.query({ fromMs: 0, toMs: HOUR_MS, by: 'total' });
      expect(found.map(({ requests }) => requests)).toEqual(Array(1200).fill(1));
    });

    it('is rolled up into days by two processes at once without counting twice', async () => {
      const database = await databases.open();
      const clock = new ManualClock();
      const recorders = [new UsageRecorder({ database, clock }), new UsageRecorder({ database, clock })];
      for (let hour = 0; hour < 48; hour += 1) {
        recorders[0]!.record({ ...USE, ...HTTP });
        clock.advance(HOUR_MS);
      }
      await recorders[0]!.flush();
      clock.advance(95 * DAY_MS);
      await Promise.all(recorders.map((recorder) => recorder.rollUp()));
      const range = { fromMs: 0, toMs: 2 * DAY_MS };
      const day = { ...USE, requests: 24, items: 72 };
      const days = [0, DAY_MS].map((startMs) => ({ ...day, startMs }));
      expect(await recorders[0]!.query({ ...range, by: 'hour' })).toEqual(days);
      clock.advance(6 * 365 * DAY_MS);
      await recorders[0]!.rollUp();
      expect(await recorders[0]!.query({ ...range, by: 'total' })).toEqual([]);
    });

    it('of the last days is told for each principal whole, with all models together', async () => {
      const clock = new ManualClock();
      const recorder = new UsageRecorder({ database: await databases.open(), clock });
      clock.advance(10 * DAY_MS + 5 * HOUR_MS);
      recorder.record({ ...USE, ...HTTP });
      recorder.record({ ...USE, ...HTTP, model: 'other', requests: 0, items: 0, denied: 1 });
      clock.advance(DAY_MS);
      recorder.record({ ...USE, ...HTTP, refused: 2 });
      recorder.record({ ...USE, ...HTTP, principalId: 'token-2' });
      await recorder.flush();
      const days = await recorder.days({ principalIds: ['token-1', 'nobody'], nowMs: clock.wallMs(), days: 3 });
      const none = { requests: 0, items: 0, refused: 0, denied: 0 };
      const starts = [9, 10, 11].map((day) => ({ startMs: day * DAY_MS }));
      expect(days).toEqual(
        new Map([
          [
            'token-1',
            [
              { ...none, ...starts[0] },
              { requests: 1, items: 3, refused: 0, denied: 1, ...starts[1] },
              { requests: 1, items: 3, refused: 2, denied: 0, ...starts[2] },
            ],
          ],
          ['nobody', starts.map((start) => ({ ...none, ...start }))],
        ]),
      );
      expect(await recorder.days({ principalIds: [], nowMs: 0, days: 7 })).toEqual(new Map());
    });

    it('tells which principals are turned away in more than a part of their requests', async () => {
      const clock = new ManualClock();
      const recorder = new UsageRecorder({ database: await databases.open(), clock });
      const record = (principalId: string, counts: { requests: number; refused?: number; denied?: number }) =>
        recorder.record({ ...USE, ...HTTP, principalId, items: 0, ...counts });
      record('before', { requests: 1, denied: 9 });
      clock.advance(DAY_MS);
      record('tenth', { requests: 9, denied: 1 });
      record('more', { requests: 8, denied: 1 });
      record('limited', { requests: 1, refused: 5 });
      record('before', { requests: 1 });
      await recorder.flush();
      const often = (by: 'denied' | 'refused') => recorder.oftenTurnedAway({ by, share: 0.1, fromMs: DAY_MS });
      expect(await often('denied')).toEqual(['more']);
      expect(await often('refused')).toEqual(['limited']);
    });

    it('is told apart by protocol and by how it ended, before and after it is rolled up', async () => {
      const database = await databases.open();
      const clock = new ManualClock();
      const recorder = new UsageRecorder({ database, clock });
      recorder.record({ ...USE, ...HTTP });
      recorder.record({ ...USE, ...HTTP, protocol: 'grpc', outcome: 'deadline_exceeded' });
      recorder.record({ ...USE, ...HTTP, principalId: 'token-2', protocol: 'grpc' });
      await recorder.flush();
      const counts = { startMs: 0, requests: 1, items: 3, refused: 0, denied: 0 };
      for (const _ of ['by hours', 'rolled up']) {
        const range = { fromMs: 0, toMs: DAY_MS, by: 'total' } as const;
        expect(await recorder.queryBy(range, ['protocol', 'outcome'])).toEqual([
          { protocol: 'grpc', outcome: 'deadline_exceeded', ...counts },
          { protocol: 'grpc', outcome: 'ok', ...counts },
          { protocol: 'http', outcome: 'ok', ...counts },
        ]);
        expect(await recorder.queryBy({ ...range, protocol: 'grpc' }, ['outcome'])).toMatchObject([
          { outcome: 'deadline_exceeded', requests: 1 },
          { outcome: 'ok', requests: 1 },
        ]);
        expect(await recorder.queryBy({ ...range, outcome: 'ok' }, [])).toEqual([{ ...counts, requests: 2, items: 6 }]);
        clock.advance(95 * DAY_MS);
        await recorder.rollUp();
      }
    });

    it('is kept while the database is out of reach', async () => {
      const database = await databases.open();
      const recorder = new UsageRecorder({ database, clock: new ManualClock() });
      recorder.record({ ...USE, ...HTTP });
      const gone = vi.spyOn(database, 'transaction').mockRejectedValue(new DomainError('unavailable', 'gone'));
      await expect(recorder.flush()).rejects.toMatchObject({ code: 'unavailable' });
      gone.mockRestore();
      recorder.record({ ...USE, ...HTTP });
      await recorder.stop();
      const found = await recorder.query({ fromMs: 0, toMs: HOUR_MS, by: 'total' });
      expect(found).toMatchObject([{ requests: 2, items: 6 }]);
    });
  });
});
