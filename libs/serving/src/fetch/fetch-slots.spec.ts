import { describe, expect, it } from 'vitest';
import { FetchSlots } from './fetch-slots.js';

const { signal } = new AbortController();

/** All that can happen without a task's end has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Tasks that end when told to, and the names of those that started. */
function workshop(slots: FetchSlots) {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const run = (name: string, host: string, { until = signal, principalId = 'someone' } = {}) =>
    slots.run({ principalId, host }, until, () => {
      started.push(name);
      return new Promise<string>((resolve) => finish.set(name, () => resolve(name)));
    });
  return { started, run, finish: (name: string) => finish.get(name)?.() };
}

describe('FetchSlots', () => {
  it('lets another host pass those that wait for a busy one', async () => {
    const { started, run } = workshop(new FetchSlots({ totalMax: 4, reserveMax: 0, perHostMax: 2 }));
    for (const name of ['a1', 'a2', 'a3', 'a4']) void run(name, 'a');
    void run('b1', 'b');
    await settled();
    expect(started).toEqual(['a1', 'a2', 'b1']);
  });

  it('never runs more than the total, and goes round the hosts', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 1, reserveMax: 0, perHostMax: 1 }));
    for (const name of ['a1', 'a2', 'a3']) void run(name, 'a');
    for (const name of ['b1', 'b2']) void run(name, 'b');
    for (let done = 0; done < 5; done += 1) {
      await settled();
      expect(started).toHaveLength(done + 1);
      finish(started[done] ?? '');
    }
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('lets one principal alone use every slot', async () => {
    const { started, run } = workshop(new FetchSlots({ totalMax: 6, reserveMax: 0, perHostMax: 2 }));
    for (const host of ['a', 'b', 'c', 'd']) for (const at of [1, 2]) void run(`${host}${at}`, host);
    await settled();
    expect(started).toHaveLength(6);
  });

  it('gives another principal the very next slots, however many of the first wait', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 4, reserveMax: 0, perHostMax: 4 }));
    for (let at = 0; at < 1000; at += 1) void run(`many${at}`, `slow${at}`, { principalId: 'many' });
    await settled();
    for (const at of [0, 1, 2]) void run(`few${at}`, `quick${at}`, { principalId: 'few' });
    for (const at of [0, 1]) finish(`many${at}`);
    await settled();
    expect(started.slice(4)).toEqual(['few0', 'few1']);
  });

  it('starts a principal that holds no slot at once, though another one holds them all', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 4, reserveMax: 2, perHostMax: 4 }));
    for (let at = 0; at < 1000; at += 1) void run(`many${at}`, `slow${at}`, { principalId: 'many' });
    await settled();
    expect(started).toHaveLength(4);
    for (const principalId of ['p', 'q', 'r']) {
      for (const at of [0, 1]) void run(`${principalId}${at}`, 'quick', { principalId });
    }
    await settled();
    expect(started.slice(4), 'one each, as far as the reserve goes').toEqual(['p0', 'q0']);
    finish('p0');
    await settled();
    expect(started.slice(6), 'the one that still has none comes first').toEqual(['r0']);
  });

  it('keeps the reserve from a principal that holds a slot', async () => {
    const { started, run } = workshop(new FetchSlots({ totalMax: 1, reserveMax: 5, perHostMax: 9 }));
    for (const name of ['a1', 'a2', 'a3']) void run(name, 'a');
    await settled();
    expect(started).toEqual(['a1']);
  });

  it('shares the slots evenly among principals who all want more', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 6, reserveMax: 0, perHostMax: 6 }));
    for (const principalId of ['p', 'q', 'r']) {
      for (let at = 0; at < 20; at += 1) void run(`${principalId}${at}`, 'a', { principalId });
    }
    for (let done = 0; done < 12; done += 1) {
      await settled();
      finish(started[done] ?? '');
    }
    await settled();
    const running = started.slice(12).map((name) => name.slice(0, 1));
    expect(running.toSorted()).toEqual(['p', 'p', 'q', 'q', 'r', 'r']);
  });

  it('bounds a host whoever asks, and gives its places round the principals', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 8, reserveMax: 0, perHostMax: 1 }));
    for (const name of ['p1', 'p2', 'p3']) void run(name, 'a', { principalId: 'p' });
    for (const name of ['q1', 'q2']) void run(name, 'a', { principalId: 'q' });
    for (let done = 0; done < 5; done += 1) {
      await settled();
      expect(started).toHaveLength(done + 1);
      finish(started[done] ?? '');
    }
    expect(started).toEqual(['p1', 'q1', 'p2', 'q2', 'p3']);
  });

  it('holds no slot for what waits for a slow host', async () => {
    const { started, run } = workshop(new FetchSlots({ totalMax: 2, reserveMax: 0, perHostMax: 1 }));
    for (const principalId of ['p', 'q', 'r']) void run(`slow-${principalId}`, 'slow', { principalId });
    void run('quick', 'quick', { principalId: 'r' });
    await settled();
    expect(started).toEqual(['slow-p', 'quick']);
  });

  it('frees the slot of a task that failed', async () => {
    const slots = new FetchSlots({ totalMax: 1, reserveMax: 0, perHostMax: 1 });
    await expect(
      slots.run({ principalId: 'someone', host: 'a' }, signal, () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    expect(await slots.run({ principalId: 'someone', host: 'a' }, signal, () => Promise.resolve('next'))).toBe('next');
  });

  it('gives up the place of one that is aborted while waiting', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 1, reserveMax: 0, perHostMax: 1 }));
    const caller = new AbortController();
    const first = run('first', 'a');
    const gone = run('gone', 'a', { until: caller.signal });
    const last = run('last', 'a');
    caller.abort();
    await expect(gone).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
    await settled();
    finish('first');
    await first;
    await settled();
    finish('last');
    await last;
    expect(started).toEqual(['first', 'last']);
  });

  it('starts nothing for a caller who is gone already', async () => {
    const { started, run } = workshop(new FetchSlots({ totalMax: 1, reserveMax: 0, perHostMax: 1 }));
    await expect(run('gone', 'a', { until: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ code: 'cancelled' }),
    );
    expect(started).toEqual([]);
  });
});
