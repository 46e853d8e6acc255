import { DomainError, type RequestTrace } from '#core';
import { describe, expect, it } from 'vitest';
import { aContext, anImage, aTracedContext, flush, texts } from '../testing/builders.js';
import { aPool, outcomeOf } from '../testing/hand-pool.js';

/** The facts of the batches that a request rode in. */
function factsOf(trace: RequestTrace) {
  return trace.rides.map(({ batch }) => batch.facts);
}

describe('the notes of a batch', () => {
  it('say what ran where, why then, and when, by the clock of the pool', async () => {
    const { pool, clock, first } = await aPool({ batchItemsMax: 4 });
    const context = aTracedContext();
    clock.advance(100);
    const call = pool.submit(texts(3, 98), context);
    clock.advance(20);
    first.answer(15);
    await call;
    expect(factsOf(context.trace)).toEqual([
      {
        ...{ model: 'scripted', replica: 'scripted/0', device: 'cpu', tower: 'textual' },
        ...{ items: 3, itemsMax: 4, bytes: 7, tokensMax: 5, attempt: 1, reason: 'idle_replica' },
        whole: { startMs: 100, endMs: 120 },
        prepare: { startMs: 102, endMs: 103 },
        run: { startMs: 103, endMs: 118 },
      },
    ]);
  });

  it('name each request that rode in it, with how much of it was its own and since when it had waited', async () => {
    const { pool, clock, first } = await aPool({ replicas: 1 });
    const [a, b] = [aTracedContext('a'), aTracedContext('b')];
    const calls = [pool.submit(texts(2), aContext()), pool.submit(texts(2), aContext())];
    calls.push(pool.submit(texts(1), a));
    clock.advance(5);
    calls.push(pool.submit(texts(3), b), pool.submit(texts(1), aContext('untraced')), pool.submit(texts(1), a));
    clock.advance(5);
    while (first.batches.length > 0) first.answer();
    await Promise.all(calls);

    const [batch, ...others] = new Set([...a.trace.rides, ...b.trace.rides].map((ride) => ride.batch));
    expect(others).toEqual([]);
    expect(batch?.facts).toMatchObject({ items: 6, whole: { startMs: 10 } });
    expect(batch?.riders).toMatchObject([
      { trace: a.trace, items: 2, enqueuedAtMs: 0, replicasReady: 1 },
      { trace: b.trace, items: 3, enqueuedAtMs: 5, replicasReady: 1 },
    ]);
    expect([...a.trace.rides, ...b.trace.rides]).toEqual(batch?.riders);
  });

  it('are one a batch that items of the request were in', async () => {
    const { pool, first } = await aPool({ batchItemsMax: 2 });
    const context = aTracedContext();
    const call = pool.submit([...texts(3), anImage(7, 100)], context);
    while (first.batches.length > 0) first.answer();
    await call;
    const facts = factsOf(context.trace).map(({ tower, items, tokensMax }) => [tower, items, tokensMax]);
    expect(facts.toSorted()).toEqual([
      ['textual', 1, 3],
      ['textual', 2, 3],
      ['visual', 1, undefined],
    ]);
  });

  it('are there before the request has its answer', async () => {
    const { pool, first } = await aPool();
    const context = aTracedContext();
    const rides = pool.submit(texts(1), context).then(() => context.trace.rides.length);
    first.answer();
    expect(await rides).toBe(1);
  });

  it('say that items all failed by nothing but their requests', async () => {
    const { pool, first } = await aPool();
    const context = aTracedContext();
    const call = pool.submit([anImage(1)], context);
    first.fail();
    await call;
    expect(factsOf(context.trace)).toMatchObject([{ items: 1, run: {} }]);
    expect(factsOf(context.trace)[0]).not.toHaveProperty('error');
  });
});

describe('the notes of a batch whose replica died', () => {
  it('show the attempt with its error, the wait for another, and the attempt that passed', async () => {
    const { pool, clock, first, last } = await aPool();
    const context = aTracedContext();
    const call = pool.submit(texts(1), context);
    clock.advance(30);
    first.die();
    clock.advance(100);
    last().ready();
    clock.advance(10);
    last().answer();
    await call;

    const [lost, passed] = factsOf(context.trace);
    expect(lost).toEqual({
      ...{ model: 'scripted', replica: 'scripted/0', device: 'cpu', tower: 'textual' },
      ...{ items: 1, itemsMax: 32, bytes: 1, attempt: 1, reason: 'idle_replica', error: 'replica_lost' },
      whole: { startMs: 0, endMs: 30 },
    });
    expect(passed).toMatchObject({
      attempt: 2,
      reason: 'retry',
      tokensMax: 3,
      whole: { startMs: 130, endMs: 140 },
      run: {},
    });
    expect(passed).not.toHaveProperty('error');
    expect(context.trace.rides).toMatchObject([
      { enqueuedAtMs: 0, replicasReady: 1 },
      { enqueuedAtMs: 30, replicasReady: 0 },
    ]);
  });

  it('name all that rode in the attempt, and each alone in the next', async () => {
    const { pool, links } = await aPool({ replicas: 2 });
    const [one, two] = links;
    const [a, b] = [aTracedContext('a'), aTracedContext('b')];
    const fill = [pool.submit(texts(2), aContext()), pool.submit(texts(2), aContext())];
    const calls = [outcomeOf(pool.submit(texts(1), a)), outcomeOf(pool.submit(texts(1, 1), b))];
    expect(one?.batches.at(-1)?.items).toHaveLength(2);
    one?.die();
    while (two && two.batches.length > 0) two.answer();
    await Promise.all([...fill, ...calls]);
    expect(factsOf(a.trace)).toMatchObject([
      { items: 2, attempt: 1, error: 'replica_lost' },
      { items: 1, attempt: 2, replica: 'scripted/1' },
    ]);
    expect(a.trace.rides[0]?.batch).toBe(b.trace.rides[0]?.batch);
    expect(a.trace.rides[1]?.batch.riders).toEqual([a.trace.rides[1]]);
  });
});

describe('a request that ended while its items were in a batch', () => {
  it('is named by the batch, and takes nothing in any more', async () => {
    const { pool, first } = await aPool();
    const caller = new AbortController();
    const [gone, stays] = [aTracedContext('gone', caller.signal), aTracedContext('stays')];
    for (const _ of [1, 2]) void pool.submit(texts(2), aContext());
    const ended = outcomeOf(pool.submit(texts(1), gone));
    const answered = pool.submit(texts(1), stays);
    first.answer();
    caller.abort();
    expect(await ended).toBe('cancelled');
    gone.trace.clear();
    while (first.batches.length > 0) first.answer();
    await answered;
    await flush();
    expect(stays.trace.rides[0]?.batch.riders.map(({ trace }) => trace.requestId)).toEqual(['gone', 'stays']);
    expect(gone.trace.rides).toEqual([]);
  });
});

describe('a request that ends before its answer', () => {
  it('notes for how long its items had waited, and where the others were', async () => {
    const { pool, clock, first } = await aPool({ batchItemsMax: 2 });
    const caller = new AbortController();
    const context = aTracedContext('late', caller.signal);
    clock.advance(10);
    const call = outcomeOf(pool.submit(texts(7), context));
    clock.advance(50);
    first.answer();
    clock.advance(40);
    caller.abort(new DomainError('deadline_exceeded', 'Too late.'));

    expect(await call).toBe('deadline_exceeded');
    const held = { 'clip.replica': 'scripted/0', 'clip.device': 'cpu', 'clip.attempt': 1, 'clip.items': 2 };
    expect(context.trace.rides).toHaveLength(1);
    expect(context.trace.parts).toEqual([
      {
        ...{ name: 'queue', startMs: 10, endMs: 100, error: 'deadline_exceeded' },
        attributes: { 'clip.items': 1, 'clip.replicas_ready': 1 },
      },
      ...[10, 60].map((startMs) => ({
        ...{ name: 'run', startMs, endMs: 100, error: 'deadline_exceeded' },
        attributes: { 'clip.model': 'scripted', ...held, 'clip.batch.items': 2 },
      })),
    ]);
  });

  it('notes that it waited for a replica to come back', async () => {
    const { pool, clock, first } = await aPool();
    const caller = new AbortController();
    const context = aTracedContext('late', caller.signal);
    void outcomeOf(pool.submit(texts(2), context));
    clock.advance(5);
    first.die();
    clock.advance(20);
    caller.abort();
    const waited = { name: 'queue', startMs: 5, endMs: 25, error: 'cancelled' };
    expect(context.trace.parts).toMatchObject([waited, waited]);
    expect(context.trace.parts[0]?.attributes).toEqual({ 'clip.items': 1, 'clip.replicas_ready': 0 });
  });

  it('notes what the end of the pool cut off', async () => {
    const { pool } = await aPool({ batchItemsMax: 1 });
    const [held, waiting] = [aTracedContext('held'), aTracedContext('waiting')];
    const calls = [outcomeOf(pool.submit(texts(2), held)), outcomeOf(pool.submit(texts(1), waiting))];
    await pool.close();
    expect(await Promise.all(calls)).toEqual(['shutting_down', 'shutting_down']);
    expect(held.trace.parts.map(({ name, error }) => [name, error])).toEqual(Array(2).fill(['run', 'shutting_down']));
    expect(waiting.trace.parts.map(({ name, error }) => [name, error])).toEqual([['queue', 'shutting_down']]);
  });

  it('notes nothing of items that were answered', async () => {
    const { pool, first } = await aPool();
    const caller = new AbortController();
    const context = aTracedContext('done', caller.signal);
    const call = pool.submit(texts(2), context);
    first.answer();
    await call;
    caller.abort();
    expect(context.trace.parts).toEqual([]);
  });
});
