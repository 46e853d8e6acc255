import { listAudit } from '#audit';
import { DomainError, systemClock } from '#core';
import {
  cancelPull,
  CommandFollower,
  type ModelFilesPart,
  type ModelsPart,
  PodReporter,
  pullModel,
  type PullReport,
  verifyModel,
} from '#pods';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const B32 = 'ViT-B-32::openai';
const PULL: PullReport = {
  model: B32,
  state: 'downloading',
  text: 'Downloads 6 files.',
  ...{ bytesDone: 40, bytes: 100, bytesPerSecond: 10, startedAtMs: 1, endedAtMs: null, isAsked: true },
};
const MINI = {
  place: 'folder',
  bytes: 7,
  dimension: 128,
  imageSize: 64,
  contextLength: 77,
  tokenizer: 'CLIP byte-pair encoding',
} as const;
const FILES: ModelFilesPart = { here: [{ name: 'mini-clip', ...MINI }], pulls: [PULL], verifications: [] };
const SERVED: ModelsPart = {
  ...{ state: 'applied', version: 1, step: null, reason: null, model: null, sinceMs: 5, lines: [] },
  served: [
    {
      ...{ name: 'mini-clip', isDefault: true, state: 'ready', replicas: 2, replicasReady: 2, devices: ['cpu', 'cpu'] },
      ...{ textsPerSecond: 400, imagesPerSecond: 100.5 },
    },
  ],
};

describe('the catalogue', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let member: Record<string, string>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    owner = await admin.browserOf(await admin.account('owner', 'owner'));
    member = await admin.browserOf(await admin.account('member', 'member'));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const catalogue = async () => (await admin.call('GET', '/api/catalogue', { headers: member })).json;
  const modelOf = async (name: string) =>
    (await catalogue()).models.find((model: { name: string }) => model.name === name);

  it('has the facts of each model, and says why nothing was measured while no pod answers', async () => {
    expect((await catalogue()).pods).toEqual([]);
    expect(await modelOf(B32)).toMatchObject({
      ...{ source: 'catalogue', licence: 'MIT', dimension: 512, imageSize: 224, contextLength: 77, isEstimate: true },
      ...{ isDesired: false, pods: [], aliases: ['ViT-B/32'] },
      speed: { textsPerSecond: null, imagesPerSecond: null, replicas: 0, reason: 'No pod that serves models answers.' },
    });
  });

  it('refuses to download where there is no pod', async () => {
    const { status, json } = await admin.call('POST', `/api/catalogue/${encodeURIComponent(B32)}/pull`, {
      headers: owner,
      body: {},
    });
    expect([status, json.error.message]).toEqual([
      409,
      'There is no pod that serves models. Start one, then try again.',
    ]);
  });

  describe('with two pods', () => {
    let follower: CommandFollower;

    beforeAll(async () => {
      const { database } = admin.services;
      const reporterOf = (host: string, role = 'inference') =>
        PodReporter.open({ database, clock: systemClock, host, pid: process.pid, version: '1.2.3', roles: [role] });
      const one = await reporterOf('pod-1');
      one.tell('models', () => SERVED);
      one.tell('modelFiles', () => FILES);
      await one.report();
      await reporterOf('pod-2');
      await reporterOf('console', 'admin');
      follower = new CommandFollower({ database, clock: systemClock, pod: () => 'pod-1', onFailure: () => undefined });
      follower.handle(pullModel, async ({ model }) => {
        if (model === 'nope') throw new DomainError('invalid_argument', 'There is no model "nope".');
        return { ...PULL, model };
      });
      follower.handle(cancelPull, async () => PULL);
      follower.handle(verifyModel, async ({ model }) => {
        const state = 'running' as const;
        return { model, state, text: 'Reads.', problems: [], startedAtMs: 1, endedAtMs: null };
      });
      follower.start();
    });

    afterAll(() => follower.stop());

    const ask = (path: string, body: object = { pods: ['pod-1'] }) =>
      admin.call('POST', `/api/catalogue/${path}`, { headers: owner, body });

    it('tells where the files are, what is served, how fast, and what is being downloaded', async () => {
      expect(
        (await catalogue()).pods.map(({ name, answers }: { name: string; answers: boolean }) => [name, answers]),
      ).toEqual([
        ['pod-1', true],
        ['pod-2', true],
      ]);
      expect(await modelOf('mini-clip')).toMatchObject({
        ...{
          source: 'own',
          licence: null,
          bytes: 7,
          isEstimate: false,
          dimension: 128,
          tokenizer: 'CLIP byte-pair encoding',
        },
        speed: { textsPerSecond: 400, imagesPerSecond: 100.5, replicas: 2, reason: null },
        pods: [{ pod: 'pod-1', place: 'folder', served: 'ready', textsPerSecond: 400 }],
      });
      expect(await modelOf(B32)).toMatchObject({
        speed: { reason: 'It is not served, so nothing was measured here.' },
        pods: [{ pod: 'pod-1', place: null, served: null, pull: { state: 'downloading', bytesDone: 40, bytes: 100 } }],
      });
      const { json } = await admin.call('GET', '/api/pulls', { headers: member });
      expect(json.pulls).toEqual([{ pod: 'pod-1', ...PULL }]);
    });

    it('has pods download, cancel and verify, each with an event in the audit trail', async () => {
      for (const what of ['pull', 'cancel', 'verify']) {
        const { status, json } = await ask(`${encodeURIComponent('ViT-L/14@336px')}/${what}`);
        expect([status, json], what).toEqual([200, { pods: [{ pod: 'pod-1', ok: true, reason: null }] }]);
      }
      const { events } = await listAudit(admin.services.database, { action: 'model.' });
      expect(events.map(({ action, target }) => [action, target?.name])).toEqual([
        ['model.verify', 'ViT-L/14@336px'],
        ['model.pull_cancel', 'ViT-L/14@336px'],
        ['model.pull', 'ViT-L/14@336px'],
      ]);
    });

    it('fails as the pods did when none does it, and tells each when some do', async () => {
      expect((await ask('nope/pull')).json.error).toMatchObject({
        code: 'invalid_argument',
        message: 'There is no model "nope".',
      });
      expect((await ask('nope/pull', { pods: ['pod-9'] })).status).toBe(404);
      const { json } = await ask(`${encodeURIComponent(B32)}/pull`, { pods: ['pod-1', 'pod-9'] });
      expect(json.pods).toEqual([
        { pod: 'pod-1', ok: true, reason: null },
        { pod: 'pod-9', ok: false, reason: expect.stringContaining('no such pod') },
      ]);
    });

    it('shows members everything and lets them change nothing', async () => {
      const { status } = await admin.call('POST', `/api/catalogue/${encodeURIComponent(B32)}/pull`, {
        headers: member,
        body: {},
      });
      expect(status).toBe(403);
    });

    it('is beside what each pod serves, and whether that is what is asked for', async () => {
      const models = [{ name: 'mini-clip', replicas: 2, devices: ['cpu'], isDefault: true }];
      await admin.call('PUT', '/api/models', { headers: owner, body: { models } });
      const view = async (headers: Record<string, string>) =>
        (await admin.call('GET', '/api/models', { headers })).json;
      expect(await view(owner)).toMatchObject({
        differs: ['pod-2'],
        pods: [
          { pod: 'pod-1', answers: true, state: 'applied', version: 1, difference: null, lines: [] },
          { pod: 'pod-2', state: null, version: null, served: [], difference: 'It has not told yet what it serves.' },
        ],
      });
      expect((await view(member)).pods[0].lines).toBeNull();
      await admin.call('PUT', '/api/models', { headers: owner, body: { models: [{ ...models[0], replicas: 1 }] } });
      expect((await view(member)).pods[0].difference).toBe('It still follows version 1.');
    });
  });
});
