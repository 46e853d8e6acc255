import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AdminUnderTest } from '../testing/admin-under-test.js';
import { answering, InferenceStandIn } from '../testing/inference-stand-in.js';
import { PLAYGROUND_BYTES_MAX } from './playground.dto.js';

let inference: InferenceStandIn;
let admin: AdminUnderTest;
let member: Account;
let browser: Record<string, string>;
let tokensSeen: readonly (string | undefined)[];

beforeAll(async () => {
  inference = await InferenceStandIn.open();
  ({ tokensSeen } = inference);
  const { url } = inference;
  admin = await AdminUnderTest.open({ inferenceTarget: () => ({ url }) });
  await admin.account('olga', 'owner');
  member = await admin.account('mia', 'member');
  browser = await admin.browserOf(member);
});

afterAll(async () => {
  await admin[Symbol.asyncDispose]();
  await inference[Symbol.asyncDispose]();
});

afterEach(() => {
  inference.tokensSeen.length = 0;
});

const rank = (body: unknown = { query: 'a', candidates: ['b'] }, headers = browser) =>
  admin.call('POST', '/api/playground/rank', { body, headers });

const ownTokens = async () => admin.services.tokens.list({ ownerId: member.id });

describe('the playground', () => {
  it('passes a call on as it is, and the answer with what tells its trace and limits', async () => {
    let received = '';
    inference.handle = (req, res) => {
      req.on('data', (chunk: Buffer) => (received += chunk.toString()));
      answering(
        200,
        { object: 'list' },
        { 'server-timing': 'run;dur=1', traceresponse: '00-a-b-01', 'x-internal': 'x' },
      )(req, res);
    };
    const body = { query: { image: 'aGk=' }, candidates: ['b'] };
    const answer = await rank(body, { ...browser, 'x-request-id': 'from-the-page' });
    expect([answer.status, answer.json, JSON.parse(received)]).toEqual([200, { object: 'list' }, body]);
    expect(answer.headers).toMatchObject({ 'server-timing': 'run;dur=1', traceresponse: '00-a-b-01' });
    expect(answer.headers).not.toHaveProperty('x-internal');
    expect(answer.headers).toHaveProperty('content-security-policy');
  });

  it('calls with one token of the account, which the list shows with its mark', async () => {
    inference.handle = answering(200, {});
    await Promise.all([rank(), rank(), rank()]);
    await rank();
    const [token, ...others] = await ownTokens();
    expect(others).toEqual([]);
    expect(token).toMatchObject({ name: 'Playground', purpose: 'playground', ownerId: member.id });
    expect(token?.scopes).toEqual(['encode', 'rank', 'models:read']);
    expect(new Set(tokensSeen).size).toBe(1);
    expect(tokensSeen[0]).toContain(token?.publicPart);
    expect((await admin.call('GET', '/api/tokens', { headers: browser })).json.tokens).toMatchObject([
      { name: 'Playground', purpose: 'playground' },
    ]);
  });

  it('makes another token when that was revoked', async () => {
    inference.handle = answering(200, {});
    await rank();
    const [token] = await ownTokens();
    await admin.services.tokens.revoke({ kind: 'host', id: 'host', name: 'host', from: null }, token!.id);
    expect((await rank()).status).toBe(200);
    expect(new Set(tokensSeen).size).toBe(2);
  });

  it('has no token any more after a log-out', async () => {
    inference.handle = answering(200, {});
    const leaving = await admin.browserOf(member);
    await rank(undefined, leaving);
    expect(await ownTokens()).toHaveLength(1);
    expect((await admin.call('DELETE', '/api/session', { headers: leaving })).status).toBe(204);
    expect(await ownTokens()).toEqual([]);
  });

  it('passes failures back with code, words and when to come again', async () => {
    const failure = { error: { code: 'rate_limited', message: 'The limit is used up.', type: 'rate_limit_error' } };
    inference.handle = answering(429, failure, { 'retry-after': '7', 'x-request-id': 'r-1' });
    const answer = await rank();
    const { code, message } = failure.error;
    expect([answer.status, answer.json]).toEqual([429, { error: { code, message } }]);
    expect(answer.headers).toMatchObject({ 'retry-after': '7', 'x-request-id': 'r-1' });
  });

  it('never takes a token that the inference API does not know for the end of the session', async () => {
    inference.handle = answering(401, { error: { code: 'unauthenticated', message: 'no' } });
    const answer = await rank();
    expect([answer.status, answer.json.error.code]).toEqual([503, 'unavailable']);
    expect(answer.json.error.message).toContain('same database');
  });

  it('takes more than other routes, up to its own limit', async () => {
    inference.handle = answering(200, {});
    const ofBytes = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect((await rank(ofBytes(PLAYGROUND_BYTES_MAX))).status).toBe(200);
    const answer = await rank(ofBytes(PLAYGROUND_BYTES_MAX + 1));
    expect([answer.status, answer.json.error.code, answer.headers['connection']]).toEqual([
      413,
      'request_too_large',
      'close',
    ]);
    expect(answer.json.error.message).toContain('16 MiB');
  });

  it('runs four calls of an account at a time', async () => {
    const open: (() => void)[] = [];
    inference.handle = (req, res) => void open.push(() => answering(200, {})(req, res));
    const calls = Array.from({ length: 4 }, () => rank());
    await expect.poll(() => open.length).toBe(4);
    const fifth = await rank();
    expect([fifth.status, fifth.json.error.code]).toEqual([429, 'rate_limited']);
    for (const answer of open) answer();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    inference.handle = answering(200, {});
    expect((await rank()).status).toBe(200);
  });

  it('is for people with the right to it', async () => {
    inference.handle = answering(200, {});
    const viewer = await admin.browserOf(await admin.account('vera', 'viewer'));
    expect((await rank(undefined, viewer)).status).toBe(403);
    expect((await rank(undefined, await admin.programWith(['admin:*']))).status).toBe(403);
    const { 'x-csrf-token': _, ...without } = browser;
    expect((await rank(undefined, without)).status).toBe(403);
    expect(tokensSeen).toEqual([]);
  });
});

describe('an inference API that cannot be called', () => {
  it('is told in words that say what to set', async () => {
    const problem = 'Set CAS_INFERENCE_URL.';
    await using other = await AdminUnderTest.open({ inferenceTarget: () => ({ problem }) });
    const headers = await other.browserOf(await other.account('olga', 'owner'));
    expect((await other.call('GET', '/api/playground', { headers })).json).toEqual({
      problem,
      inferenceUrl: null,
      bodyBytesMax: PLAYGROUND_BYTES_MAX,
    });
    const answer = await other.call('GET', '/api/playground/models', { headers });
    expect([answer.status, answer.json.error]).toEqual([503, { code: 'unavailable', message: problem }]);
  });

  it('is told when nobody answers there', async () => {
    await using other = await AdminUnderTest.open({ inferenceTarget: () => ({ url: 'http://127.0.0.1:1' }) });
    const headers = await other.browserOf(await other.account('olga', 'owner'));
    const answer = await other.call('POST', '/api/playground/embed', { body: { input: 'a' }, headers });
    expect([answer.status, answer.json.error.code]).toEqual([503, 'unavailable']);
    expect(answer.json.error.message).toContain('CAS_INFERENCE_URL');
  });
});
