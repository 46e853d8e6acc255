import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ManualClock, systemClock, type EncodeItem } from '#core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BatchEvent, BatchLostEvent } from '../pool/pool-events.js';
import { POOL_DEFAULTS, type PoolLogEntry, type PoolOptions } from '../pool/pool-options.js';
import { startPool, type ModelPool } from '../pool/pool.js';
import { aContext, aTracedContext, texts } from '../testing/builders.js';

/** Real processes, of the built sources: each takes a good part of a second to start. */
const TIMEOUT_MS = 60_000;
const scriptedProcess = file('../../../../dist/libs/inference/src/testing/scripted-replica-process.js');
const garbageProcess = file('../../../../dist/libs/inference/src/testing/garbage-replica-process.js');
const miniClip = file('../../../../models/mini-clip');

const open: ModelPool[] = [];
const log: PoolLogEntry[] = [];
const batches: BatchEvent[] = [];
const losses: BatchLostEvent[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
  log.length = 0;
  batches.length = 0;
  losses.length = 0;
});

describe('a pool of real replica processes', { timeout: TIMEOUT_MS }, () => {
  it('answers each item, with its own error where it has one', async () => {
    const pool = await scripted();

    const results = await pool.submit([text('1'), text('bad'), text('3')], aContext());

    expect(results.map((result) => (result.ok ? result.embedding[0] : result.error.code))).toEqual([
      1,
      'item_empty',
      3,
    ]);
  });

  it('finds the item that kills processes, fails it alone, and answers the rest', async () => {
    const pool = await scripted({ replicas: 2 });
    const items = [...texts(12), text('crash'), ...texts(12, 13)];

    const results = await pool.submit(items, aContext());

    const seen = results.map((result) => (result.ok ? result.embedding[0] : result.error.code));
    expect(seen).toEqual(items.map((_, n) => (n === 12 ? 'item_poisonous' : n)));
  });

  it('notes in a trace when each process worked, by the clock of the pool, and which attempt was lost', async () => {
    const pool = await scripted({ replicas: 2 });
    const [context, startMs] = [aTracedContext(), systemClock.now()];

    await pool.submit([text('1'), text('crash')], context);

    const endMs = systemClock.now();
    const facts = context.trace.rides.map((ride) => ride.batch.facts);
    const passed = facts.filter(({ error }) => error === undefined);
    expect(facts.filter((known) => known.error === 'replica_lost').map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(passed).toMatchObject([{ attempt: 2, items: 1, reason: 'retry' }]);
    for (const { whole, prepare, run } of passed) {
      const inOrder = [whole.startMs, prepare?.startMs, prepare?.endMs, run?.startMs, run?.endMs, whole.endMs];
      const all = [startMs, ...inOrder.map((atMs) => atMs ?? -1), endMs];
      expect(all).toEqual(all.toSorted((a, b) => a - b));
    }
  });

  it.each(['crash', 'hang'])(
    'loses two processes to an item that makes them %s, however many ride with it',
    async (order) => {
      const pool = await scripted({ replicas: 2, batchItemsMax: 32, runMsMax: 2_000 });
      const items = [...texts(20), text(order), ...texts(11, 21)];

      const results = await pool.submit(items, aContext());

      const seen = results.map((result) => (result.ok ? result.embedding[0] : result.error.code));
      expect(seen).toEqual(items.map((_, n) => (n === 20 ? 'item_poisonous' : n)));
      expect(losses.map(({ verdict }) => verdict).sort()).toEqual(['again', 'poisonous']);
      expect(log.filter(({ text: line }) => line.startsWith('restarting')).length).toBe(2);
    },
  );

  it('treats a run that throws like a death', async () => {
    const pool = await scripted();

    const results = await pool.submit([text('throw'), text('2')], aContext());

    expect(results.map((result) => (result.ok ? result.embedding[0] : result.error.code))).toEqual([
      'item_poisonous',
      2,
    ]);
    expect(log.some(({ text }) => text.includes('the run failed'))).toBe(true);
  });

  it('kills a replica that hangs, and works on', async () => {
    const pool = await scripted({ runMsMax: 1_000 });

    const results = await pool.submit([text('hang'), text('2')], aContext());

    expect(results.map((result) => (result.ok ? result.embedding[0] : result.error.code))).toEqual([
      'item_poisonous',
      2,
    ]);
  });

  it('loses nothing and answers nothing twice when processes are killed under load', async () => {
    const pool = await scripted({ replicas: 2, batchItemsMax: 4 });
    const calls = Array.from({ length: 60 }, (_, n) => pool.submit(texts(20, n * 20), aContext(`caller ${n % 7}`)));
    for (const { pid } of pool.snapshot().replicas) if (pid) process.kill(pid, 'SIGKILL');

    const answers = await Promise.all(calls);

    const seen = answers.flat().map((result) => (result.ok ? result.embedding[0] : result.error.code));
    expect(seen).toEqual(Array.from({ length: 1200 }, (_, id) => id));
    expect(batches.reduce((sum, batch) => sum + batch.size, 0)).toBe(1200);
  });

  it('finishes what was taken when it drains, and leaves no process behind', async () => {
    const pool = await scripted({ batchItemsMax: 2 });
    const pids = pool.snapshot().replicas.map((replica) => replica.pid ?? 0);
    const call = pool.submit(texts(50), aContext());

    await pool.drain();

    expect(await call).toHaveLength(50);
    expect(pids.every(isGone)).toBe(true);
    await expect(pool.submit(texts(1), aContext())).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('shows that it lives by a real run when it is idle', async () => {
    const clock = new ManualClock();
    const pool = await scripted({ clock });

    clock.advance(5_000);

    await vi.waitUntil(() => pool.health().lastForwardAgeMs === 0, { timeout: 20_000 });
  });

  it('ignores the signals that a terminal sends to every process', async () => {
    const pool = await scripted();
    const [replica] = pool.snapshot().replicas;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(replica?.pid ?? 0, signal);

    expect(await pool.submit(texts(1), aContext())).toMatchObject([{ ok: true }]);
    expect(pool.snapshot().replicas[0]?.pid).toBe(replica?.pid);
  });

  it('keeps the settings of the service from the processes that decode what strangers send', async () => {
    const pool = await scripted();
    const [replica] = pool.snapshot().replicas;
    const environment = await environmentOf(replica?.pid);
    expect(environment).not.toContain('CAS_SECRET_OF_TEST');
  });

  it('dies with the process that started it, even when that one is killed', async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentOfOneReplica()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const replicaPid = Number(line);
    expect(isGone(replicaPid)).toBe(false);

    parent.kill('SIGKILL');

    await vi.waitUntil(() => isGone(replicaPid), { timeout: 20_000 });
  });

  it('says why a model cannot be loaded, and leaves no process behind', async () => {
    await expect(scripted({ folder: 'absent', replicas: 2 })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The model scripted cannot be loaded: The file visual.onnx is missing.',
    });
  });

  it('ends a process that talks nonsense, and says so', async () => {
    await expect(scripted({ childEntry: garbageProcess })).rejects.toMatchObject({
      message: expect.stringContaining('not a frame of this version'),
    });
  });

  it('gives up a start when the process dies three times in loading', async () => {
    await expect(scripted({ folder: 'fatal' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ended by SIGKILL'),
    });
  });
});

describe('a pool that serves the embedded model', { timeout: TIMEOUT_MS }, () => {
  it('answers every text as before while its replicas are killed', async () => {
    const pool = await start({ name: 'mini-clip', folder: miniClip, replicas: 2, batchItemsMax: 8 });
    const items = Array.from({ length: 40 }, (_, n) => text(`a picture of ${n} cats`));
    const before = vectors(await pool.submit(items, aContext()));

    const calls = Array.from({ length: 8 }, (_, n) => pool.submit(items, aContext(`caller ${n}`)));
    for (const { pid } of pool.snapshot().replicas) if (pid) process.kill(pid, 'SIGKILL');
    const after = await Promise.all(calls);

    for (const results of after) expect(closest(vectors(results), before)).toEqual(items.map((_, n) => n));
    expect(batches.reduce((sum, batch) => sum + batch.size, 0)).toBe(items.length * 9);
  });
});

function text(value: string): EncodeItem {
  return { kind: 'text', text: value };
}

function file(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function scripted(changes: Partial<PoolOptions> = {}): Promise<ModelPool> {
  return start({ name: 'scripted', folder: 'any', childEntry: scriptedProcess, ...changes });
}

async function start(changes: Pick<PoolOptions, 'name' | 'folder'> & Partial<PoolOptions>): Promise<ModelPool> {
  process.env.CAS_SECRET_OF_TEST = 'secret';
  const pool = await startPool({
    ...POOL_DEFAULTS,
    imageLimits: { bytesMax: 1e7, pixelsMax: 1e7 },
    clock: systemClock,
    log: (entry) => log.push(entry),
    observer: { onBatch: (event) => batches.push(event), onBatchLost: (event) => losses.push(event) },
    ...changes,
  });
  open.push(pool);
  return pool;
}

/** A program that starts a pool, prints the process id of its replica and goes on. */
function parentOfOneReplica(): string {
  const options = { ...POOL_DEFAULTS, name: 'scripted', folder: 'any', childEntry: scriptedProcess };
  return `
    import { startPool } from ${JSON.stringify(pathToFileURL(file('../../../../dist/libs/inference/src/pool/pool.js')))};
    import { systemClock } from ${JSON.stringify(pathToFileURL(file('../../../../dist/libs/core/src/index.js')))};
    const imageLimits = { bytesMax: 1, pixelsMax: 1 };
    const pool = await startPool({ ...${JSON.stringify(options)}, imageLimits, clock: systemClock, log: () => undefined });
    console.log(pool.snapshot().replicas[0].pid);
    setInterval(() => undefined, 1_000);
  `;
}

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

async function environmentOf(pid: number | undefined): Promise<string> {
  return process.platform === 'linux' ? readFile(`/proc/${pid}/environ`, 'utf8') : '';
}

function vectors(results: Awaited<ReturnType<ModelPool['submit']>>): Float32Array[] {
  return results.map((result) => {
    if (!result.ok) throw result.error;
    return result.embedding;
  });
}

/** For each vector the place of the reference it is nearest to: batches differ in padding, so the last digits may. */
function closest(found: Float32Array[], references: Float32Array[]): number[] {
  return found.map((vector) => {
    const distances = references.map((other) =>
      other.reduce((sum, value, n) => sum + (value - (vector[n] ?? 0)) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances));
  });
}
