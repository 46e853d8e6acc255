import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InputItem } from '#core';
import { InputWriter, StoredInputs, type TraceRecord } from '#telemetry';
import { ManualClock, systemClock } from '#core';
import { buildTrace } from '../../../../test/support/traces.js';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';
import { answering, type Handler, InferenceStandIn } from '../testing/inference-stand-in.js';

describe('what requests sent', () => {
  let inference: InferenceStandIn;
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let viewer: Record<string, string>;
  let member: Record<string, string>;
  let token: string;
  let silent: string;
  let stored: TraceRecord;
  const items: InputItem[] = [
    { kind: 'image', bytes: Buffer.from([9, 1]) },
    { kind: 'text', text: 'planted text' },
    { kind: 'text', text: 'x' },
  ];

  /** Stores as a process does that has kept the request. */
  async function store(trace: TraceRecord, inputs: readonly InputItem[] = items): Promise<void> {
    const { database } = admin.services;
    const writer = new InputWriter({
      store: new StoredInputs({ database, clock: systemClock }),
      clock: new ManualClock(),
    });
    writer.onInputs(trace, inputs);
    await writer.stop();
  }

  beforeAll(async () => {
    inference = await InferenceStandIn.open();
    const { url } = inference;
    admin = await AdminUnderTest.open({ inferenceTarget: () => ({ url }) });
    const [olga, vera] = [await admin.account('olga', 'owner'), await admin.account('vera', 'viewer')];
    const mia = await admin.account('mia', 'member');
    [owner, viewer, member] = [await admin.browserOf(olga), await admin.browserOf(vera), await admin.browserOf(mia)];
    const make = async (name: string, storesInputs: boolean) =>
      (await admin.services.tokens.create(ON_HOST, { name, expiresInDays: 1, ownerId: mia.id, storesInputs })).record
        .id;
    [token, silent] = [await make('willing', true), await make('silent', false)];
    stored = buildTrace({ principalId: token });
    await store(stored);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await inference[Symbol.asyncDispose]();
  });

  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, headers: Record<string, string>, body?: object) =>
    admin.call(method, `/api/${path}`, { headers, ...(body === undefined ? {} : { body }) });

  it('is shown to owners, admins and the owner of the token, and to nobody else', async () => {
    for (const headers of [owner, member]) {
      const { status, json } = await call('GET', `traces/${stored.requestId}/input`, headers);
      expect(status).toBe(200);
      expect(json).toMatchObject({ tokenId: token, operation: 'embeddings', model: 'mini-clip' });
      expect(json.items).toEqual([
        { kind: 'image', value: 'CQE=' },
        { kind: 'text', value: 'planted text' },
        { kind: 'text', value: 'x' },
      ]);
    }
    const { status, text } = await call('GET', `traces/${stored.requestId}/input`, viewer);
    expect([status, text.includes('planted')]).toEqual([404, false]);
  });

  it('is noted in the audit trail when it is looked at, without what it was', async () => {
    await call('GET', `traces/${stored.traceId}/input`, owner);
    const { json, text } = await call('GET', 'audit?action=stored_request.read', owner);
    expect(json.events.length).toBeGreaterThan(0);
    expect(text).not.toContain('planted');
  });

  it('is never stored for a token that has not opted in', async () => {
    const other = buildTrace({ principalId: silent });
    await store(other);
    expect((await call('GET', `traces/${other.requestId}/input`, owner)).status).toBe(404);
  });

  it('is counted', async () => {
    const { json } = await call('GET', 'stored-requests', member);
    expect(json).toMatchObject({ isOn: true, hours: 24, requests: 1, sinceMs: stored.startedAtMs });
    expect((await call('GET', 'stored-requests', viewer)).json).toMatchObject({ requests: 0, sinceMs: null });
    expect((await call('GET', `stored-requests?token=${silent}`, owner)).json.requests).toBe(0);
  });

  it('runs on other models, side by side: images with texts, and why a model gave nothing', async () => {
    inference.handle = embedding;
    const { status, json } = await call('POST', `traces/${stored.requestId}/replay`, member, {
      models: ['a', 'broken'],
    });
    expect(status).toBe(200);
    expect([json.rows, json.columns]).toEqual([[0], [1, 2]]);
    expect(json.models[0]).toMatchObject({ model: 'a', dimension: 2, error: null, requestId: 'run-of-a' });
    expect(json.models[0].cosines[0][0]).toBeCloseTo(109 / Math.sqrt(82 * 145), 5);
    const failed = {
      durationMs: null,
      error: 'There is no model of this name.',
      cosines: [],
      requestId: 'run-of-broken',
    };
    expect(json.models[1]).toMatchObject(failed);
    expect((await call('POST', `traces/${stored.requestId}/replay`, viewer, { models: ['a'] })).status).toBe(403);
    expect((await call('POST', `traces/${stored.requestId}/replay`, owner, { models: [] })).status).toBe(422);
  });

  it('runs with a token of who asks: a person has one of the playground, a program its own with the scope for it', async () => {
    inference.handle = embedding;
    const replayAs = (headers: Record<string, string>) =>
      call('POST', `traces/${stored.requestId}/replay`, headers, { models: ['a'] });
    inference.tokensSeen.length = 0;
    expect((await replayAs(member)).status).toBe(200);
    const [playground] = (await admin.services.tokens.list({})).filter(({ purpose }) => purpose === 'playground');
    expect(inference.tokensSeen).toEqual([expect.stringContaining(playground?.publicPart ?? '?')]);
    const program = await admin.programWith(['admin:*', 'encode']);
    expect((await replayAs(program)).status).toBe(200);
    expect(inference.tokensSeen[1]).toBe(program['authorization']);
    const refused = await replayAs(await admin.programWith(['admin:*']));
    expect([refused.status, refused.json.error.message]).toEqual([403, expect.stringContaining('scope encode')]);
    expect(inference.tokensSeen).toHaveLength(2);
  });

  it('says why a model gave nothing, also where what answers is no inference API', async () => {
    const answers: [Handler, string][] = [
      [answering(429, { error: { code: 'rate_limited', message: 'The limit is used up.' } }), 'The limit is used up.'],
      [answering(401, {}), 'same database'],
      [answering(200, { data: [] }), 'CAS_INFERENCE_URL'],
      [answering(200, { data: [{ embedding: 'AA==' }, {}, {}] }), 'CAS_INFERENCE_URL'],
    ];
    for (const [handle, words] of answers) {
      inference.handle = handle;
      const { status, json } = await call('POST', `traces/${stored.requestId}/replay`, member, { models: ['a'] });
      expect([status, json.models[0].error]).toEqual([200, expect.stringContaining(words)]);
    }
  });

  it('is removed one by one, and all of a token', async () => {
    const some = [buildTrace({ principalId: token }), buildTrace({ principalId: token })];
    for (const trace of some) await store(trace);
    expect((await call('DELETE', `traces/${some[0]!.requestId}/input`, viewer)).status).toBe(403);
    expect((await call('DELETE', `traces/${some[0]!.requestId}/input`, member)).json).toEqual({ removed: 1 });
    expect((await call('GET', `traces/${some[0]!.requestId}/input`, member)).status).toBe(404);
    expect((await call('DELETE', `stored-requests?token=${token}`, viewer)).status).toBe(403);
    expect((await call('DELETE', `stored-requests?token=${token}`, member)).json).toEqual({ removed: 2 });
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(0);
  });

  it('is gone with its token', async () => {
    await store(stored);
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(1);
    await call('DELETE', `tokens/${token}`, member);
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(0);
    await store(stored); // what was on its way
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(0);
  });
});

/** A model whose vector of a text has its length, and of an image its first byte; one of the name `broken` fails. */
const embedding: Handler = (req, res) => {
  let text = '';
  req.on('data', (chunk: Buffer) => (text += chunk.toString()));
  req.once('end', () => {
    const { model, input } = JSON.parse(text) as { model: string; input: { text?: string; image?: string }[] };
    const vectorOf = ({ text: words, image = '' }: (typeof input)[number]) =>
      Float32Array.of(1, words?.length ?? Buffer.from(image, 'base64')[0] ?? 0);
    const data = input.map((item) => ({ embedding: Buffer.from(vectorOf(item).buffer).toString('base64') }));
    const failure = { error: { code: 'model_unknown', message: 'There is no model of this name.' } };
    const isBroken = model === 'broken';
    res.writeHead(isBroken ? 404 : 200, { 'content-type': 'application/json', 'x-request-id': `run-of-${model}` });
    res.end(JSON.stringify(isBroken ? failure : { data }));
  });
};
