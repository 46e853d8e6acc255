import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { ServiceMinuteEntity, type Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { MinuteRecorder } from './minute-recorder.js';
import { sumMinutes } from './minute-sums.js';

const OK = { protocol: 'grpc', model: 'm', outcome: 'ok', items: 2, durationMs: 10 };

onEachDatabase((databases) => {
  const recorderOn = (database: Database, clock: ManualClock) => {
    const recorder = new MinuteRecorder({ database, clock });
    recorder.start();
    return recorder;
  };
  const hour = { fromMs: 0, toMs: 3_600_000, stepMs: 60_000 };

  it('what several processes did is summed, by minute, model, protocol and error', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const [one, other] = [recorderOn(database, clock), recorderOn(database, clock)];
    for (let n = 0; n < 3; n += 1) one.onRequest(OK);
    other.onRequest({ ...OK, protocol: 'http', outcome: 'queue_full', durationMs: 500 });
    other.onRequest({ ...OK, model: undefined, outcome: 'model_unknown', items: 0 });
    one.onBatch({ model: 'm', size: 6, itemsMax: 8 });
    other.onBatch({ model: 'm', size: 2, itemsMax: 8 });
    clock.advance(60_000);
    one.onRequest(OK);
    await Promise.all([one.stop(), other.stop()]);
    const { points, total, byError, byModel, byProtocol, isPartial } = await sumMinutes(database, hour);
    expect(points).toMatchObject([
      { atMs: 0, requests: 5, items: 8, errors: 2, batches: 2, batchFill: 0.5 },
      { atMs: 60_000, requests: 1, items: 2, errors: 0, batches: 0, batchFill: null },
    ]);
    expect(total).toMatchObject({ requests: 6, items: 10, errors: 2 });
    expect(total.p99Ms).toBeGreaterThan(300);
    expect(byError).toEqual(
      expect.arrayContaining([
        { code: 'queue_full', requests: 1 },
        { code: 'model_unknown', requests: 1 },
      ]),
    );
    expect(byModel.map(({ model, requests }) => [model, requests])).toEqual([
      ['m', 5],
      ['', 1],
    ]);
    expect(byProtocol.map(({ protocol, requests }) => [protocol, requests])).toEqual([
      ['grpc', 5],
      ['http', 1],
    ]);
    expect(isPartial).toBe(false);
  });

  it('the minute under way is there within ten seconds, and counted once however often it is written', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const recorder = recorderOn(database, clock);
    for (let writes = 1; writes <= 3; writes += 1) {
      recorder.onRequest(OK);
      clock.advance(10_000);
      await recorder.settled();
      expect((await sumMinutes(database, hour)).total.requests).toBe(writes);
    }
    await recorder.stop();
  });

  it('the longest queue of a minute and its greatest age are kept', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const recorder = recorderOn(database, clock);
    const lengths = [3, 40, 0];
    recorder.followQueues(() => [{ model: 'm', items: lengths.shift() ?? 0, oldestAgeMs: 12.5, replicasReady: 1 }]);
    clock.advance(3_000);
    await recorder.stop();
    expect((await sumMinutes(database, hour)).total).toMatchObject({ queueItemsMax: 40, queueAgeMsMax: 13 });
  });

  it('what a database that was away could not take is written when it is back, and is gone after 48 hours', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    let isAway = true;
    const flaky = {
      transaction: (work: Parameters<Database['transaction']>[0]) =>
        isAway ? Promise.reject(new Error('away')) : database.transaction(work),
    } as Database;
    const recorder = recorderOn(flaky, clock);
    recorder.onRequest(OK);
    clock.advance(120_000);
    await recorder.settled();
    isAway = false;
    clock.advance(10_000);
    await recorder.settled();
    expect((await sumMinutes(database, hour)).points).toMatchObject([{ atMs: 0, requests: 1 }]);
    for (const ms of [48 * 3_600_000, 10_000]) {
      clock.advance(ms);
      await recorder.settled();
    }
    const rows = await database.read((manager) => manager.count(ServiceMinuteEntity));
    expect(rows).toBe(0);
    await recorder.stop();
  });
});
