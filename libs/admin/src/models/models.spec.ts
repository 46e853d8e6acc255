import { listAudit } from '#audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const MINI = { name: 'mini-clip', replicas: 1, devices: ['cpu'], isDefault: true };
const LARGE = { name: 'ViT-L-14::openai', replicas: 2, devices: ['cuda:0', 'cuda:1'], isDefault: false };

describe('the models of an admin process that serves none', () => {
  let admin: AdminUnderTest;
  let headers: Record<string, string>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    headers = await admin.browserOf(await admin.account('owner', 'owner'));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const put = (body: object) => admin.call('PUT', '/api/models', { headers, body });
  const get = async () => (await admin.call('GET', '/api/models', { headers })).json;

  it('are unknown at first, and applied by number', async () => {
    expect(await get()).toMatchObject({ models: [], desired: null, versions: [], actual: { state: 'unknown here' } });
    const { status, json } = await put({ models: [MINI], note: 'begin' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      version: 1,
      note: 'begin',
      source: 'admin',
      createdBy: { name: 'owner@example.com' },
    });
    expect(await get()).toMatchObject({ models: ['mini-clip'], desired: { version: 1, models: [MINI] } });
  });

  it('may name any device, since this process does not know those of the servers', async () => {
    const body = { models: [MINI, LARGE] };
    expect((await admin.call('POST', '/api/models/plan', { headers, body })).status).toBe(200);
    expect((await admin.call('GET', '/api/devices', { headers })).json).toEqual({
      cpu: null,
      cards: [],
      libraries: null,
      note: expect.stringContaining('serves no models'),
    });
  });

  it('are planned from the version in force, in sentences, with nothing changed', async () => {
    const body = {
      models: [
        { ...MINI, replicas: 2, isDefault: false },
        { ...LARGE, isDefault: true },
      ],
    };
    const { json } = await admin.call('POST', '/api/models/plan', { headers, body });
    expect(json.steps.map(({ text }: { text: string }) => text)).toEqual([
      'Add a replica of mini-clip on cpu with 1 thread, and wait until it is ready.',
      'Add a replica of mini-clip on cpu with 1 thread, and wait until it is ready.',
      'Start ViT-L-14::openai with 2 replicas on cuda:0, cuda:1, and serve it when all are ready.',
      'Make ViT-L-14::openai the default: requests that name no model get it from now on.',
      'Let mini-clip/0 on cpu finish what it holds, then end it.',
    ]);
    expect(await get()).toMatchObject({ desired: { version: 1 } });
  });

  it('are planned from the very body that is asked for later, note and version included', async () => {
    const body = { models: [MINI, LARGE], note: 'the large one on both cards', basedOn: 1 };
    const { status, json } = await admin.call('POST', '/api/models/plan', { headers, body });
    expect(status, JSON.stringify(json)).toBe(200);
    const outdated = await admin.call('POST', '/api/models/plan', { headers, body: { ...body, basedOn: 7 } });
    expect(outdated.status).toBe(409);
  });

  it('are changed only from the version that was looked at, where the caller says so', async () => {
    expect((await put({ models: [MINI, LARGE], basedOn: 1 })).json).toMatchObject({ version: 2 });
    expect((await put({ models: [MINI], basedOn: 1 })).status).toBe(409);
  });

  it('are rolled back by a new version, and each change is in the audit', async () => {
    const { json } = await admin.call('POST', '/api/models/rollback', { headers, body: { version: 1 } });
    expect(json).toMatchObject({ version: 3, models: [MINI], note: 'back to version 1' });
    expect(json).toMatchObject({
      undoVersion: 2,
      stops: ['Take ViT-L-14::openai out of service: finish the requests that it has, then end its replicas.'],
    });
    const missing = await admin.call('POST', '/api/models/rollback', { headers, body: { version: 50 } });
    expect(missing.status).toBe(404);
    const impossible = await admin.call('POST', '/api/models/rollback', { headers, body: { version: 1e30 } });
    expect(impossible.status).toBe(422);
    const { events } = await listAudit(admin.services.database, { action: 'models.' });
    expect(events.map(({ action }) => action)).toEqual(['models.rollback', 'models.apply', 'models.apply']);
  });

  it('are compared in sentences, either way round', async () => {
    const between = async (one: number | string, other: number) =>
      admin.call('GET', `/api/models/versions/${one}/diff/${other}`, { headers });
    expect((await between(1, 2)).json).toMatchObject({
      from: { version: 1 },
      to: { version: 2 },
      differences: [{ kind: 'added', text: 'ViT-L-14::openai is added, with 2 replicas on cuda:0, cuda:1.' }],
    });
    expect((await between(2, 3)).json.differences).toEqual([
      { kind: 'removed', model: 'ViT-L-14::openai', text: 'ViT-L-14::openai is taken out of service.' },
    ]);
    expect((await between(1, 3)).json.differences).toEqual([]);
    expect([(await between(1, 99)).status, (await between('x', 1)).status]).toEqual([404, 422]);
  });

  it('are planned with a warning when stored vectors would stop matching', async () => {
    const body = {
      models: [
        { ...MINI, isDefault: false },
        { ...LARGE, isDefault: true },
      ],
    };
    const { json } = await admin.call('POST', '/api/models/plan', { headers, body });
    expect(json.warnings).toEqual([expect.stringContaining('collections of vectors of mini-clip stop matching')]);
  });

  it.each([
    ['no model', []],
    ['no default', [{ ...MINI, isDefault: false }]],
    ['two defaults', [MINI, { ...LARGE, isDefault: true }]],
    ['a model twice', [MINI, { ...MINI, isDefault: false }]],
    ['a name that leads elsewhere', [{ ...MINI, name: '../../etc' }]],
    ['a model that is nowhere', [{ ...MINI, name: 'nope' }]],
    ['a device of no known form', [{ ...MINI, devices: ['tpu:0'] }]],
    ['no replica', [{ ...MINI, replicas: 0 }]],
    ['a key that does not exist', [{ ...MINI, replica: 1 }]],
  ])('are refused with %s, before anything is written', async (_, models) => {
    const { status, json } = await put({ models });
    expect(status, JSON.stringify(json)).toBe(422);
    expect((await get()).desired.version).toBe(3);
  });
});
