import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ENCODE_CALLS } from '../e2e/support/calls-with-token.js';
import { call } from '../e2e/support/http-call.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';

// What a caller keeps secret must turn up nowhere: not in a log at its loudest level, an answer, the database, or the
// spans that a collector gets of every request.

const PASSWORD = 'planted tidal lantern 4711';
const WRONG_PASSWORD = 'planted wrong horse 4712';
const IMAGE_MARK = 'PLANTED-IMAGE-BYTES-4713';
const TEXT_MARK = 'planted text of a caller 4714';
const URL_PASSWORD = 'planted-password-of-address-4715';
const URL_PATH = 'planted-path-of-address-4716';
const URL_QUERY = 'planted-query-of-address-4717';

let desk: TokenDesk;
let server: RunningServer;
let collector: OtlpReceiver;
let tokens: string[];
const answers: string[] = [];

beforeAll(async () => {
  desk = await TokenDesk.open();
  collector = await OtlpReceiver.http();
  server = await startServer({
    env: {
      ...desk.env,
      CAS_AUTH: 'required',
      CAS_LOG_LEVEL: 'trace',
      CAS_ALLOW_PRIVATE_FETCH: 'true',
      CAS_TRACE_RETENTION_HOURS: '1',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    },
  });
  const { token: good } = await desk.create({ limits: { requestsPerMinute: 1_000 } });
  const { token: revoked, record } = await desk.create();
  await desk.revoke(record.id);
  const forged = good.slice(0, 30) + (good[30] === 'a' ? 'b' : 'a') + good.slice(31);
  tokens = [good, revoked, forged];
  await useTokens();
  await usePasswords();
  await useContents(good);
});
afterAll(async () => {
  await desk?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

async function useTokens(): Promise<void> {
  for (const token of tokens) {
    for (const encode of Object.values(ENCODE_CALLS)) answers.push(await encode(server, token));
    await keep('/v1/embeddings', `{"input":"a","model":"${token}"}`, token);
    await keep(`/nosuch?token=${token}`, '{', token);
  }
  // A sub-protocol with a token is refused at the upgrade.
  const socket = new WebSocket(server.ws(), ['json', `bearer.${tokens[2]}`]);
  await new Promise<void>((resolve) => socket.on('error', (err) => (answers.push(err.message), resolve())));
}

async function usePasswords(): Promise<void> {
  const { setupUrl } = await server.logged((line) => 'setupUrl' in line);
  const secret = String(setupUrl).split('#')[1];
  const email = 'owner@example.com';
  const send = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    answers.push((await call(server.admin(path), { headers, body: JSON.stringify(body) })).text);
  };
  await send('/api/setup', { secret, email, name: 'Owner', password: 'short' });
  await send('/api/setup', { secret, email, name: 'Owner', password: PASSWORD });
  await send('/api/session', { email, password: WRONG_PASSWORD });
  await send('/api/session', { email, password: PASSWORD });
  await send('/api/session', { email: [PASSWORD], password: { PASSWORD } });
}

async function useContents(token: string): Promise<void> {
  const image = Buffer.from(`\xff\xd8\xff\xe0${IMAGE_MARK}`, 'latin1').toString('base64');
  await keep('/v1/embeddings', JSON.stringify({ input: [{ image }] }), token);
  await keep('/v1/embeddings', JSON.stringify({ input: TEXT_MARK, encoding_format: 'base64' }), token);
  // The collector has no pictures either; the address is what matters.
  const address = `http://127.0.0.1:${collector.port}/${URL_PATH}?key=${URL_QUERY}`;
  await keep('/v1/embeddings', JSON.stringify({ input: [{ image: address }] }), token);
  const withPassword = address.replace('//', `//somebody:${URL_PASSWORD}@`);
  await keep('/v1/embeddings', JSON.stringify({ input: [{ image: withPassword }] }), token);
  await keep('/post', JSON.stringify({ data: [{ blob: image }], execEndpoint: '/encode' }), token);
}

async function keep(path: string, body: string, token: string): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  answers.push((await call(server.http(path), { headers, body })).text);
}

/** Every form in which a planted value could be written down. */
function formsOf(value: string): string[] {
  return [value, Buffer.from(value).toString('base64').replace(/=+$/, ''), Buffer.from(value).toString('hex')];
}

/** The part of a token that lets somebody in. */
const secretOf = (token: string): string => token.slice('cas_pat_'.length + 12);

it('no token, password, text, image or address of a caller is in any log line, span or the database', async () => {
  await server.stop();
  expect(server.text(), 'the log is loud').toContain('"level":20');
  const kinds = server
    .logs()
    .filter(({ msg }) => msg === 'request')
    .map(({ protocol, outcome }) => `${String(protocol)} ${String(outcome)}`);
  for (const kind of [
    'grpc ok',
    'http ok',
    'websocket ok',
    'grpc unauthenticated',
    'http unauthenticated',
    'http model_unknown',
  ]) {
    expect(kinds, 'every kind of request has its line').toContain(kind);
  }
  const names = new Set(collector.spans.map(({ name }) => name));
  expect([...names], 'every request has its spans').toEqual(
    expect.arrayContaining(['POST /v1/embeddings', 'clip.v1.Clip/Encode', 'WebSocket encode', 'fetch', 'GET', 'batch']),
  );
  const written = [server.text(), databaseBytes(), Buffer.concat(collector.bytes).toString('latin1')];
  const addresses = [URL_PASSWORD, URL_PATH, URL_QUERY];
  for (const value of [...tokens.map(secretOf), PASSWORD, WRONG_PASSWORD, IMAGE_MARK, TEXT_MARK, ...addresses]) {
    for (const form of formsOf(value)) {
      for (const text of written) expect(text.includes(form), `${value} was written down`).toBe(false);
    }
  }
});

it('no answer repeats a token or a password', () => {
  expect(answers.length).toBeGreaterThan(30);
  // A caller that names its token as the model hears that name back; nothing else of it.
  const others = answers.filter((answer) => !answer.includes('is not served'));
  for (const value of [...tokens.map(secretOf), PASSWORD, WRONG_PASSWORD]) {
    expect(others.filter((answer) => answer.includes(value))).toEqual([]);
  }
});

function databaseBytes(): string {
  const folder = desk.env['CAS_DATA_DIR'] ?? '';
  const files = readdirSync(folder).filter((name) => name.startsWith('cas.sqlite'));
  expect(files.length).toBeGreaterThan(0);
  return files.map((name) => readFileSync(join(folder, name)).toString('latin1')).join('\n');
}
