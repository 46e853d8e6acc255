import { DomainError } from '#core';
import { describe, expect, it } from 'vitest';
import { plan } from '../plan/plan.js';
import type { ProcessReading } from '../replica/process-probe.js';
import { aContext, flush, texts } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

const CPU = { device: 'cpu', threads: 1 };

describe('a replica that leaves while others serve', () => {
  it('finishes what it holds, gets nothing more, and no item is lost', async () => {
    const { pool, links } = await aPool({ replicas: 2, batchItemsMax: 2 });
    const call = outcomeOf(pool.submit(texts(10), aContext()));
    const [one, two] = links;
    const held = one?.batches.length ?? 0;
    const gone = pool.removeReplica('scripted/0');
    expect(held).toBeGreaterThan(0);
    for (let n = 0; n < held; n += 1) one?.answer();
    await gone;
    expect(one?.isOver).toBe(true);
    while (two && two.batches.length > 0) two.answer();
    expect(await call).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pool.shape.replicas.map(({ name }) => name)).toEqual(['scripted/1']);
  });

  it('leaves its work to the others when it dies before it is done', async () => {
    const { pool, links } = await aPool({ replicas: 2, batchItemsMax: 2 });
    const [one, two] = links;
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    const gone = pool.removeReplica('scripted/0');
    one?.die();
    await gone;
    two?.pong();
    two?.answer();
    two?.answer();
    expect(await call).toEqual([0, 1]);
  });

  it('is ended when it hangs, as long as it has work', async () => {
    const { pool, links, clock } = await aPool({ replicas: 2, runMsMax: 1_000 });
    const [one, two] = links;
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    const gone = pool.removeReplica('scripted/0');
    clock.advance(1_000);
    await gone;
    expect(one?.isOver).toBe(true);
    two?.pong();
    two?.answer();
    two?.answer();
    expect(await call).toEqual([0, 1]);
  });
});

describe('the only replica that is ready', () => {
  it('is not let go before another is ready, and the reason is told', async () => {
    const { pool, links, clock, last } = await aPool({ replicas: 2 });
    links[0]?.die();
    await expect(pool.removeReplica('scripted/1')).rejects.toThrow('no other replica of its model is ready');
    expect(pool.health()).toMatchObject({ ready: true, replicas: 2 });
    clock.advance(100);
    last().ready();
    await pool.removeReplica('scripted/1');
    expect(pool.shape.replicas.map(({ name }) => name)).toEqual(['scripted/0']);
  });

  it('is the one that a plan keeps when fewer are wanted', async () => {
    const { pool, links } = await aPool({ replicas: 3, devices: ['cuda:0'] });
    links[0]?.die();
    links[1]?.die();
    const wanted = { name: 'scripted', replicas: 1, devices: ['cuda:0'], isDefault: true };
    const defaults = { cores: 2, batchItemsMax: 32, rssBytesMax: undefined };
    const steps = plan([wanted], [{ ...pool.shape, isDefault: true }], defaults);
    expect(steps.map((step) => step.kind === 'drain_replica' && step.replica)).toEqual(['scripted/0', 'scripted/1']);
    for (const name of ['scripted/0', 'scripted/1']) await pool.removeReplica(name);
    expect(pool.health()).toMatchObject({ ready: true, replicas: 1 });
  });
});

describe('a replica that comes', () => {
  it('gets work once it is ready, under a name that nobody has', async () => {
    const { pool, last } = await aPool();
    const adding = pool.addReplica(CPU);
    last().ready();
    expect(await adding).toBe('scripted/1');
    for (let n = 0; n < 2; n += 1) void pool.submit(texts(1, n), aContext());
    expect(last().batches).toHaveLength(1);
  });

  it('changes nothing when it cannot be loaded', async () => {
    const { pool, last, links } = await aPool();
    const adding = pool.addReplica(CPU);
    last().loadFailed(new DomainError('unavailable', 'Out of memory.'));
    await expect(adding).rejects.toThrow('Out of memory.');
    expect(pool.shape.replicas).toHaveLength(1);
    expect(links.at(-1)?.isOver).toBe(true);
    expect(pool.health().ready).toBe(true);
  });
});

describe('the memory ceiling', () => {
  const reading = (rssBytes: number): ProcessReading => ({ rssBytes, cpuTicks: 0, state: 'other' });

  /** A pool whose process 1 has `rss` bytes. */
  async function aCeiling(rssBytesMax: number) {
    const rss = new Map<number, number>();
    const log: string[] = [];
    const parts = await aPool({
      rssBytesMax,
      runMsMax: 600_000,
      probe: (pid) => reading(rss.get(pid) ?? 1),
      log: ({ level, text }) => log.push(`${level}: ${text}`),
    });
    parts.first.pid = 1;
    return { ...parts, rss, log };
  }

  it('replaces a replica that has grown past it, the new one ready first, with no item lost', async () => {
    const { pool, clock, first, last, rss, links } = await aCeiling(1_000);
    clock.advance(1_000);
    rss.set(1, 1_001);
    clock.advance(1_000);
    expect(links).toHaveLength(2);
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    expect(first.batches).toHaveLength(1);
    last().ready();
    await flush();
    first.answer();
    await flush();
    expect(await call).toEqual([0, 1]);
    expect(first.isOver).toBe(true);
    expect(pool.shape.replicas.map(({ name }) => name)).toEqual(['scripted/1']);
    expect(pool.snapshot().replicas.map(({ state }) => state)).toEqual(['ready']);
  });

  it('replaces a model that outgrows it with its first work more and more seldom, and says that it is too low', async () => {
    const { pool, clock, last, rss, links, log } = await aCeiling(1_000);
    const loaded = () => links.filter(({ isOver }) => !isOver).length;
    const replacedAfterMs: number[] = [];
    for (let life = 1, sinceMs = clock.now(); life <= 4; life += 1, sinceMs = clock.now()) {
      const before = links.length;
      last().pid = life;
      clock.advance(1_000);
      void pool.submit(texts(1), aContext());
      last().answer();
      rss.set(life, 2_000);
      while (links.length === before) clock.advance(1_000);
      replacedAfterMs.push(clock.now() - sinceMs);
      last().ready();
      await flush();
      expect(loaded()).toBe(1);
    }
    expect(replacedAfterMs).toEqual([2_000, 60_000, 120_000, 240_000]);
    expect(log.filter((workClass) => workClass.startsWith('warn') && workClass.includes('raise it'))).toHaveLength(4);
  });

  it('replaces one that outgrows it later at once, whenever that was the last time', async () => {
    const { pool, clock, last, rss, links } = await aCeiling(1_000);
    for (let life = 1; life <= 3; life += 1) {
      last().pid = life;
      clock.advance(1_000);
      void pool.submit(texts(1), aContext());
      last().answer();
      clock.advance(61_000);
      rss.set(life, 2_000);
      clock.advance(1_000);
      expect(links).toHaveLength(life + 1);
      last().ready();
      await flush();
    }
  });

  it('leaves a model alone that needs more from the start, and says that the ceiling is too low', async () => {
    const { clock, rss, links, log } = await aCeiling(1_000);
    rss.set(1, 5_000);
    clock.advance(10_000);
    expect(links).toHaveLength(1);
    expect(log.filter((workClass) => workClass.includes('raise it'))).toHaveLength(1);
  });

  it('keeps the replica when no other can be started, and tries again a minute later', async () => {
    const { pool, clock, first, last, rss, links } = await aCeiling(1_000);
    clock.advance(1_000);
    rss.set(1, 2_000);
    clock.advance(1_000);
    last().loadFailed(new DomainError('unavailable', 'No memory.'));
    await flush();
    expect(first.isOver).toBe(false);
    clock.advance(59_000);
    expect(links).toHaveLength(2);
    clock.advance(2_000);
    expect(links).toHaveLength(3);
    await pool.close();
  });
});

describe('a process that is stopped', () => {
  it('is noticed within five seconds however long a run may take, and its work is done by another', async () => {
    const { pool, clock, first, last } = await aPool({
      runMsMax: 600_000,
      probe: () => ({ rssBytes: 1, cpuTicks: 0, state: 'stopped' }),
    });
    first.pid = 1;
    const call = outcomeOf(pool.submit(texts(2), aContext()));
    clock.advance(5_000);
    expect(first.isOver).toBe(true);
    last().ready().pong();
    last().answer();
    last().answer();
    expect(await call).toEqual([0, 1]);
  });
});
