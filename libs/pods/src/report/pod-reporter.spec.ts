import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { PodEntity, type Database } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { PodDirectory } from '../directory/pod-directory.js';
import { reporterOn } from '../testing/pods.js';
import { REPORT_CHARS_MAX, reportText } from './pod-report.js';

const PROCESS = { state: 'ready', reason: null, pid: 1, rssBytes: 5_000_000, eventLoopDelayMsMax: 3 } as const;

onEachDatabase((databases) => {
  const listOf = (database: Database, clock: ManualClock) => new PodDirectory({ database, clock }).list();

  it('a pod is listed from its start, with what it tells of itself every two seconds', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const reporter = await reporterOn(database, clock);
    reporter.tell('process', () => PROCESS);
    const identity = { name: 'host-1', host: 'host-1', version: '1.2.3', roles: ['inference'], startedAtMs: 0 };
    expect(await listOf(database, clock)).toMatchObject([{ ...identity, answers: true, reason: null, report: {} }]);
    reporter.start();
    clock.advance(2_000);
    await expect
      .poll(() => listOf(database, clock))
      .toMatchObject([{ ...identity, reportedAtMs: 2_000, answers: true, report: { process: PROCESS } }]);
    await reporter.stop();
    expect(await listOf(database, clock)).toEqual([]);
  });

  it('a pod that says nothing for more than ten seconds does not answer, and is told of for an hour', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    await reporterOn(database, clock);
    const other = await reporterOn(database, clock, { host: 'host-2' });
    clock.advance(10_000);
    expect(await listOf(database, clock)).toMatchObject([{ answers: true }, { answers: true }]);
    clock.advance(1);
    await other.report();
    const [silent, heard] = await listOf(database, clock);
    expect(silent).toMatchObject({ name: 'host-1', answers: false, reportedAtMs: 0 });
    expect(silent?.reason).toContain('since 1970-01-01T00:00:00.000Z');
    expect(heard).toMatchObject({ name: 'host-2', answers: true });
    clock.advance(3_600_000);
    await other.report();
    expect(await listOf(database, clock)).toMatchObject([{ name: 'host-2' }]);
  });

  it('several processes on one host have names of their own, also when they start together', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const reporters = await Promise.all([1, 2, 3].map((pid) => reporterOn(database, clock, { pid })));
    expect(reporters.map(({ name }) => name).toSorted()).toEqual(['host-1', 'host-1-2', 'host-1-3']);
  });

  it.each([
    ['whose process is gone', { pid: 2, isAlive: () => false }],
    ['whose process id is that of the new one, as in a container that started again', { pid: 1 }],
  ])('the name of a pod %s is taken over at once', async (_, more) => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    await reporterOn(database, clock);
    expect((await reporterOn(database, clock, more)).name).toBe('host-1');
    expect(await listOf(database, clock)).toHaveLength(1);
  });

  it('a pod that hung while another took its name goes on under a new one', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const hung = await reporterOn(database, clock);
    clock.advance(10_001);
    const next = await reporterOn(database, clock, { pid: 2 });
    await hung.report();
    expect([hung.name, next.name]).toEqual(['host-1-2', 'host-1']);
    await next.report();
    expect((await listOf(database, clock)).map(({ name }) => name)).toEqual(['host-1', 'host-1-2']);
  });

  it('a part that fails, hangs or is in a form of another version is left out, and the rest is told', async () => {
    const [database, clock] = [await databases.open(), new ManualClock()];
    const reporter = await reporterOn(database, clock);
    for (const source of [() => Promise.reject(new Error('no')), () => new Promise<never>(() => undefined)]) {
      reporter.tell('process', source);
      const reporting = reporter.report();
      await Promise.resolve();
      clock.advance(1_000);
      await reporting;
      expect(await listOf(database, clock)).toMatchObject([{ answers: true, report: {}, leftOut: [] }]);
    }
    const report = JSON.stringify({ process: { state: 'dancing' }, novelty: 1, leftOut: [] });
    await database.transaction((manager) => manager.update(PodEntity, { name: 'host-1' }, { report }));
    expect(await listOf(database, clock)).toMatchObject([{ report: {}, leftOut: [] }]);
  });
});

it('a part that would make a report too large is left out by name', () => {
  const reason = 'x'.repeat(REPORT_CHARS_MAX);
  expect(reportText({ process: { ...PROCESS, reason } })).toBe('{"leftOut":["process"]}');
});
