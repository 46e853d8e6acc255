import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { BatchTraceEntity, type Database, RequestTraceEntity, StoredRequestEntity } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { buildBatch, buildTrace } from '../../../../test/support/traces.js';
import { KeptTraces } from './kept-traces.js';
import { storeBatch } from './stored-batch.js';
import { rowOfInputs } from './stored-input.js';
import { storeTrace } from './stored-trace.js';
import { TraceRetention } from './trace-retention.js';

const HOUR_MS = 3_600_000;

/** A request and a batch every minute, from the first minute on. */
async function writeMinutes(database: Database, minutes: number): Promise<number> {
  const at = Array.from({ length: minutes }, (_, minute) => ({ startedAtMs: minute * 60_000 }));
  const traces = at.map((begin) => storeTrace(buildTrace(begin)));
  await new KeptTraces(database).write(
    traces,
    at.map((begin) => storeBatch(buildBatch(undefined, begin))),
  );
  return 700 + traces[0]!.detail.length; // of one row
}

const left = (database: Database) =>
  database.read(async (manager) => ({
    traces: await manager.count(RequestTraceEntity),
    batches: await manager.count(BatchTraceEntity),
  }));

onEachDatabase((databases) => {
  it('what is older than its time is removed, once a minute', async () => {
    const database = await databases.open();
    await writeMinutes(database, 120);
    const clock = new ManualClock();
    let dropped = 0;
    const retention = new TraceRetention({
      ...{ database, clock, hours: 1, bytesMax: 1e9 },
      onDropped: () => (dropped += 1),
    });
    clock.advance(2 * HOUR_MS - 60_000);
    retention.start();
    expect(await left(database)).toEqual({ traces: 120, batches: 120 });
    clock.advance(60_000);
    await retention.settled();
    expect(await left(database)).toEqual({ traces: 60, batches: 60 });
    expect(dropped).toBe(0); // they had their time
    await retention.stop();
  });

  it('beyond the size limit the oldest go, and are counted', async () => {
    const database = await databases.open();
    const rowBytes = await writeMinutes(database, 1_300);
    let dropped = 0;
    const clock = new ManualClock();
    const retention = new TraceRetention({
      ...{ database, clock, hours: 24, bytesMax: (100.5 * rowBytes) / 0.75 },
      onDropped: () => (dropped += 1),
    });
    await retention.sweep();
    const { traces, batches } = await left(database);
    expect(traces).toBe(100);
    expect(dropped).toBe(2 * 1_300 - traces - batches);
    const [oldest] = (await new KeptTraces(database).search({ limit: 1_000 })).slice(-1);
    expect(oldest!.startedAtMs).toBe(1_200 * 60_000);
  });

  it('what requests sent goes when it is too old, beyond its size, and at once where nothing is stored any more', async () => {
    const database = await databases.open();
    const rows = Array.from({ length: 60 }, (_, minute) => ({
      ...rowOfInputs(buildTrace({ startedAtMs: minute * 60_000 }), [{ kind: 'text', text: 'a cat' }]),
      bytes: 1_000,
    }));
    await database.transaction(async (manager) => void (await manager.insert(StoredRequestEntity, rows)));
    const clock = new ManualClock();
    const count = () => database.read((manager) => manager.count(StoredRequestEntity));
    const sweep = (hours: number, bytesMax: number) =>
      new TraceRetention({ database, clock, hours, bytesMax, swept: [[StoredRequestEntity, 1]] }).sweep();
    clock.advance(HOUR_MS + 30 * 60_000);
    await sweep(1, 1e9);
    expect(await count()).toBe(30);
    await sweep(1, 10_000);
    expect(await count()).toBe(10);
    await sweep(0, 1e9);
    expect(await count()).toBe(0);
  });

  it('several processes sweep at once', async () => {
    const database = await databases.open();
    await writeMinutes(database, 1_300);
    const clock = new ManualClock();
    clock.advance(1_300 * 60_000);
    const pods = Array.from({ length: 3 }, () => new TraceRetention({ database, clock, hours: 1, bytesMax: 1e9 }));
    await Promise.all(pods.map((pod) => pod.sweep()));
    expect(await left(database)).toEqual({ traces: 60, batches: 60 });
  });
});
