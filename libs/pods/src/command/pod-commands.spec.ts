import { expect, it } from 'vitest';
import { z } from 'zod';
import { listAudit } from '#audit';
import { DomainError, systemClock, type Clock } from '#core';
import { PodCommandEntity } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { HurriedClock } from '../../../../test/support/hurried-clock.js';
import { ANN, podAndAsker } from '../testing/pods.js';
import { commandKind } from './command-kind.js';

const double = commandKind({
  kind: 'number.double',
  arguments: z.object({ of: z.number() }),
  answer: z.object({ is: z.number() }),
  target: ({ of }, pod) => ({ kind: 'number', id: `${pod}/${of}`, name: String(of) }),
});
const question = commandKind({ kind: 'number.which', arguments: z.object({}), answer: z.object({ is: z.number() }) });

onEachDatabase((databases) => {
  const open = async <C extends Clock>(clock: C, ofPod: Clock = clock) => {
    const database = await databases.open();
    const pods = await podAndAsker(database, clock, ofPod);
    const rows = () => database.read((manager) => manager.find(PodCommandEntity));
    return { database, clock, rows, ...pods };
  };

  it('a pod does what it is asked to and answers; who asked for a change is in the audit trail', async () => {
    const { database, follower, commands } = await open(systemClock, new HurriedClock());
    const askers: unknown[] = [];
    follower.handle(double, async ({ of }, asker) => (askers.push(asker), { is: 2 * of }));
    follower.handle(question, async () => ({ is: 7 }));
    follower.start();
    expect(await commands.ask(ANN, 'host-1', double, { of: 21 })).toEqual({ state: 'done', answer: { is: 42 } });
    expect(await commands.ask(ANN, 'host-1', question, {})).toEqual({ state: 'done', answer: { is: 7 } });
    await follower.stop();
    expect(askers).toEqual([{ id: 'ann', name: 'ann@example.com' }]);
    const { events } = await listAudit(database, {});
    expect(events).toMatchObject([
      {
        action: 'number.double',
        actor: { name: 'ann@example.com' },
        target: { kind: 'number', id: 'host-1/21', name: '21' },
        after: { pod: 'host-1', arguments: { of: 21 } },
      },
    ]);
  });

  it('what the pod refuses is told as it refused it, and a fault of its own is told to its log', async () => {
    const { follower, commands, failures } = await open(systemClock, new HurriedClock());
    follower.handle(double, async ({ of }) => {
      if (of === 0) throw new TypeError('nobody foresaw it');
      throw new DomainError('conflict', 'The number is taken.', { retryAfterMs: 3_000, internal: 'secret' });
    });
    follower.start();
    const ask = (of: number) => commands.ask(ANN, 'host-1', double, { of });
    await expect(ask(1)).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'The number is taken.', retryAfterMs: 3_000, internal: undefined },
    });
    await expect(ask(0)).rejects.toMatchObject({ code: 'internal', internal: undefined });
    await expect(commands.ask(ANN, 'host-1', question, {})).rejects.toMatchObject({ code: 'unimplemented' });
    await follower.stop();
    expect(failures).toEqual([expect.stringContaining('number.double: TypeError: nobody foresaw it')]);
  });

  it('what takes longer than five seconds goes on, and its end is written down', async () => {
    const { follower, commands, rows } = await open(new HurriedClock());
    const { promise, resolve } = Promise.withResolvers<{ is: number }>();
    follower.handle(double, () => promise);
    follower.start();
    expect(await commands.ask(ANN, 'host-1', double, { of: 1 })).toEqual({ state: 'running' });
    resolve({ is: 2 });
    await expect.poll(rows).toMatchObject([{ outcome: 'ok', answer: '{"is":2}' }]);
    await follower.stop();
  });

  it('what a pod did not begin within five seconds is refused with the reason, and never done', async () => {
    const { follower, commands } = await open(new HurriedClock());
    let isDone = false;
    follower.handle(double, async () => ((isDone = true), { is: 0 }));
    await expect(commands.ask(ANN, 'host-1', double, { of: 1 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('did not take the command within 5 s'),
    });
    await follower.poll();
    expect(isDone).toBe(false);
  });

  it('what an asker left behind is not begun once it is ten seconds old, and is forgotten after an hour', async () => {
    const { database, follower, clock, rows } = await open(new HurriedClock());
    let isDone = false;
    follower.handle(double, async () => ((isDone = true), { is: 0 }));
    const left = { id: 'left', pod: 'host-1', kind: double.kind, arguments: '{"of":1}', askedAtMs: clock.wallMs() };
    const open_ = { takenAtMs: null, endedAtMs: null, outcome: null, answer: null };
    await database.transaction((manager) =>
      manager.insert(PodCommandEntity, { ...left, askedById: 'ann', askedByName: 'Ann', ...open_ }),
    );
    clock.advance(10_000);
    await follower.poll();
    expect([isDone, (await rows()).length]).toEqual([false, 1]);
    clock.advance(3_600_000);
    await follower.poll();
    expect([isDone, (await rows()).length]).toEqual([false, 0]);
  });

  it('a pod that does not answer, or is not there, is not asked', async () => {
    const { commands, clock, rows } = await open(new HurriedClock());
    await expect(commands.ask(ANN, 'host-2', double, { of: 1 })).rejects.toMatchObject({ code: 'not_found' });
    clock.advance(10_001);
    await expect(commands.ask(ANN, 'host-1', double, { of: 1 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('The pod host-1 does not answer. It has not reported since 2026-01-01'),
    });
    expect(await rows()).toEqual([]);
  });

  it('a pod that is to do more than it can is asked no more', async () => {
    const { database, commands, rows } = await open(new HurriedClock());
    await database.transaction(async (manager) => {
      for (let n = 0; n < 50; n += 1) {
        const asked = {
          id: `c${n}`,
          pod: 'host-1',
          kind: double.kind,
          arguments: '{}',
          askedById: 'a',
          askedByName: '',
        };
        const waiting = { askedAtMs: n, takenAtMs: null, endedAtMs: null, outcome: null, answer: null };
        await manager.insert(PodCommandEntity, { ...asked, ...waiting });
      }
    });
    await expect(commands.ask(ANN, 'host-1', double, { of: 1 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await rows()).toHaveLength(50);
  });
});
