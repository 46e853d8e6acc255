import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { PodReporter } from '#pods';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const PROCESS = { state: 'ready', reason: null, pid: 17, rssBytes: 5_000_000, eventLoopDelayMsMax: 3 } as const;

describe('the pods', () => {
  let admin: AdminUnderTest;
  let member: Record<string, string>;
  const nowMs = Date.now();

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    await admin.account('owner', 'owner');
    member = await admin.browserOf(await admin.account('mia', 'member'));
    const { database } = admin.services;
    const identity = { pid: process.pid, version: '1.2.3', roles: ['inference'] };
    const clock = systemClock;
    const heard = await PodReporter.open({ database, clock, host: 'pod-1', ...identity });
    heard.tell('process', () => PROCESS);
    await heard.report();
    const past = { ...clock, wallMs: () => nowMs - 60_000 };
    await PodReporter.open({ database, clock: past, host: 'pod-2', ...identity });
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it('are listed by name, and one that does not answer says since when', async () => {
    const { json } = await admin.call('GET', '/api/pods', { headers: member });
    const { pid: _, ...process } = PROCESS;
    expect(json.pods).toMatchObject([
      { name: 'pod-1', answers: true, reason: null, roles: ['inference'], version: '1.2.3', process },
      { name: 'pod-2', answers: false, reportedAtMs: nowMs - 60_000, process: null },
    ]);
    expect(json.pods[1].reason).toContain(new Date(nowMs - 60_000).toISOString());
  });

  it('are shown one by one, and one that is not there is not found', async () => {
    expect((await admin.call('GET', '/api/pods/pod-2', { headers: member })).json).toMatchObject({ answers: false });
    expect((await admin.call('GET', '/api/pods/pod-3', { headers: member })).status).toBe(404);
  });
});
