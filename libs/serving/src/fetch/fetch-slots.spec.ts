import { describe, expect, it } from 'vitest';
import { FetchSlots } from './fetch-slots.js';

const { signal } = new AbortController();

/** All that can happen without a task's end has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Tasks that end when told to, and the names of those that started. */
function workshop(slots: FetchSlots) {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const run = (name: string, host: string, until: AbortSignal = signal) =>
    slots.run(host, until, () => {
      started.push(name);
      return new Promise<string>((resolve) => finish.set(name, () => resolve(name)));
    });
  return { started, run, finish: (name: string) => finish.get(name)?.() };
}

describe('FetchSlots', () => {
  it('lets another host pass those that wait for a busy one', async () => {
    const { started, run } = workshop(new FetchSlots({ totalMax: 4, perHostMax: 2 }));
    for (const name of ['a1', 'a2', 'a3', 'a4']) void run(name, 'a');
    void run('b1', 'b');
    await settled();
    expect(started).toEqual(['a1', 'a2', 'b1']);
  });

  it('never runs more than the total, and goes round the hosts', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 1, perHostMax: 1 }));
    for (const name of ['a1', 'a2', 'a3']) void run(name, 'a');
    for (const name of ['b1', 'b2']) void run(name, 'b');
    for (let done = 0; done < 5; done += 1) {
      await settled();
      expect(started).toHaveLength(done + 1);
      finish(started[done] ?? '');
    }
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
  });

  it('frees the slot of a task that failed', async () => {
    const slots = new FetchSlots({ totalMax: 1, perHostMax: 1 });
    await expect(slots.run('a', signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run('a', signal, () => Promise.resolve('next'))).toBe('next');
  });

  it('gives up the place of one that is aborted while waiting', async () => {
    const { started, run, finish } = workshop(new FetchSlots({ totalMax: 1, perHostMax: 1 }));
    const caller = new AbortController();
    const first = run('first', 'a');
    const gone = run('gone', 'a', caller.signal);
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
    const { started, run } = workshop(new FetchSlots({ totalMax: 1, perHostMax: 1 }));
    await expect(run('gone', 'a', AbortSignal.abort())).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
    expect(started).toEqual([]);
  });
});
