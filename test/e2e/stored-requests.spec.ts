import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { picture } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';
import { eventually } from './support/server-process.js';

// What a request sent is stored only where its token has opted in, and can be run again.

const started = new AsyncDisposableStack();
let desk: TokenDesk;
let server: RunningServer;
let admin: { authorization: string };
let willing: { token: string; record: { id: string } };

const image = picture('count-1.png').toString('base64');

beforeAll(async () => {
  desk = started.use(await TokenDesk.open());
  admin = { authorization: `Bearer ${(await desk.create({ name: 'operator', scopes: ['admin:*', 'encode'] })).token}` };
  willing = await desk.create({ name: 'willing' });
  server = started.use(
    await startServer({
      env: { ...desk.env, CAS_AUTH: 'required', CAS_STORED_INPUT_HOURS: '1', OTEL_TRACES_SAMPLER: 'always_on' },
    }),
  );
  const body = JSON.stringify({ storesInputs: true });
  const headers = { ...admin, 'content-type': 'application/json' };
  const answer = await fetch(server.admin(`/api/tokens/${willing.record.id}`), { method: 'PATCH', headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ storesInputs: true });
});

afterAll(() => started.disposeAsync());

async function embed(token: string, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': id };
  return (await postJson(server.http('/v1/embeddings'), { input: ['planted a cat', { image }] }, headers)).status;
}

const input = (id: string) => call(server.admin(`/api/traces/${id}/input`), { headers: admin });

it('is stored for the token that opted in, run on a model again, and removed', async () => {
  await eventually('the token stores what it sends', async () => {
    expect(await embed(willing.token, 'opted-in')).toBe(200);
    return (await input('opted-in')).status === 200;
  });
  const stored = (await input('opted-in')).json<{ items: { kind: string; value: string }[] }>();
  expect(stored.items).toEqual([
    { kind: 'text', value: 'planted a cat' },
    { kind: 'image', value: image },
  ]);
  const headers = { ...admin, 'content-type': 'application/json' };
  const replayed = await fetch(server.admin('/api/traces/opted-in/replay'), {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ models: ['mini-clip', 'nosuch'] }),
  });
  expect(replayed.status).toBe(200);
  const { rows, columns, models } = await replayed.json();
  expect([rows, columns]).toEqual([[1], [0]]);
  expect(models[0]).toMatchObject({ model: 'mini-clip', error: null, cosines: [[expect.any(Number)]] });
  expect(models[1].error).toContain('nosuch');
  // It ran as any call does: its own trace, in the name of who asked.
  await eventually('the run has a trace', async () => {
    const trace = await call(server.admin(`/api/traces/${models[0].requestId}`), { headers: admin });
    return trace.status === 200 && trace.text.includes('"tokenName":"operator"');
  });
  const removed = await fetch(server.admin('/api/traces/opted-in/input'), { method: 'DELETE', headers: admin });
  expect((await removed.json()).removed).toBeGreaterThan(0);
  expect((await input('opted-in')).status).toBe(404);
});

it('is not stored for any other token, and stands in no trace', async () => {
  const other = await desk.create({ name: 'other' });
  expect(await embed(other.token, 'not-opted-in')).toBe(200);
  expect(await embed(willing.token, 'after-it')).toBe(200);
  await eventually('the later request is stored', async () => (await input('after-it')).status === 200);
  expect((await input('not-opted-in')).status).toBe(404);
  const trace = await call(server.admin('/api/traces/after-it'), { headers: admin });
  expect(trace.status).toBe(200);
  expect(trace.text).not.toContain('planted');
});
