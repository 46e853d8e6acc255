import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../support/certificates.js';
import { startServer, type RunningServer } from '../support/server.js';
import { call, postJson, type HttpAnswer } from './support/http-call.js';

const PASSWORD = 'tidal lantern forty-two';

/** Revoked tokens are refused everywhere within a second. */
const REVOKED_WITHIN_MS = 1_000;

interface IssuedToken {
  token: string;
  record: { id: string; name: string };
}

/** The secret at the end of the set-up link that the start wrote into the log. */
async function setupSecret(server: RunningServer): Promise<string> {
  const { setupUrl } = await server.logged((line) => typeof line['setupUrl'] === 'string');
  return String(setupUrl).split('#')[1] ?? '';
}

/** The headers of a browser that got `answer`, with the CSRF token that its page read from it. */
function browserAfter(answer: HttpAnswer): Record<string, string> {
  const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  return { cookie, 'x-csrf-token': answer.json<{ csrfToken: string }>().csrfToken };
}

async function embedStatus(server: RunningServer, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await postJson(server.http('/v1/embeddings'), { input: 'a cat' }, headers)).status;
}

describe('the admin API of a fresh service', () => {
  let server: RunningServer;
  let owner: Record<string, string>;

  beforeAll(async () => {
    server = await startServer({ env: { CAS_AUTH: 'required' } });
    const body = { secret: await setupSecret(server), email: 'olga@example.com', name: 'Olga', password: PASSWORD };
    const answer = await postJson(server.admin('/api/setup'), body);
    expect(answer.status, answer.text).toBe(201);
    owner = browserAfter(answer);
  });

  afterAll(async () => {
    await server?.stop();
  });

  const create = async (wishes: object, headers: Record<string, string>): Promise<IssuedToken> => {
    const answer = await postJson(server.admin('/api/tokens'), { expiresInDays: 1, ...wishes }, headers);
    expect(answer.status, answer.text).toBe(201);
    return answer.json();
  };

  it('makes tokens that the inference API takes at once, and refuses within a second of their end', async () => {
    const { token, record } = await create({ name: 'ci' }, owner);
    expect(await embedStatus(server, token)).toBe(200);
    await call(server.admin(`/api/tokens/${record.id}`), { method: 'DELETE', headers: owner });
    await new Promise((resolve) => setTimeout(resolve, REVOKED_WITHIN_MS));
    expect(await embedStatus(server, token)).toBe(401);
  });

  it('is used by programs with a token of the scope admin:*, which computes nothing', async () => {
    const { token } = await create({ name: 'automation', scopes: ['admin:*'] }, owner);
    const headers = { authorization: `Bearer ${token}` };
    const made = await create({ name: 'made by a program' }, headers);
    const list = (await call(server.admin('/api/tokens'), { headers })).json<{ tokens: IssuedToken['record'][] }>();
    expect(list.tokens.map(({ id }) => id)).toContain(made.record.id);
    expect(await embedStatus(server, token)).toBe(403);
  });

  it('lets the old secret of a rotated token work for its grace', async () => {
    const { token, record } = await create({ name: 'rotated' }, owner);
    const rotate = async (graceMs: number): Promise<IssuedToken> =>
      (await postJson(server.admin(`/api/tokens/${record.id}/rotate`), { graceMs }, owner)).json();
    const { token: second } = await rotate(60_000);
    expect(await Promise.all([token, second].map((given) => embedStatus(server, given)))).toEqual([200, 200]);
    const { token: third } = await rotate(0);
    await new Promise((resolve) => setTimeout(resolve, REVOKED_WITHIN_MS));
    expect(await Promise.all([token, second, third].map((given) => embedStatus(server, given)))).toEqual([
      401, 401, 200,
    ]);
  });

  it('has written down all of it, in a chain that holds', async () => {
    const verified = await call(server.admin('/api/audit/verify'), { headers: owner });
    expect(verified.json()).toMatchObject({ ok: true });
    const { text, headers } = await call(server.admin('/api/audit/export'), { headers: owner });
    expect(headers['content-type']).toContain('application/x-ndjson');
    const actions = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { action: string }).action);
    expect(actions).toEqual(expect.arrayContaining(['account.setup', 'token.create', 'token.rotate', 'token.revoke']));
  });

  it('tells what the tokens have used', async () => {
    const answer = await call(server.admin('/api/usage?by=total'), { headers: owner });
    expect(answer.json()).toHaveProperty('rows');
  });

  it('has its own documentation', async () => {
    const { paths } = (await call(server.admin('/openapi.json'))).json<{ paths: object }>();
    expect(Object.keys(paths)).toContain('/api/tokens/{id}/rotate');
    expect((await call(server.admin('/docs'))).status).toBe(200);
    expect((await call(server.admin('/docs/swagger-ui-bundle.js'))).status).toBe(200);
  });

  it('serves the console from the installation', async () => {
    const asBrowser = { headers: { accept: 'text/html' } };
    for (const path of ['/', '/login', '/setup', '/tokens']) {
      expect((await call(server.admin(path), asBrowser)).status, path).toBe(200);
    }
    expect((await call(server.admin('/mark.svg'))).status).toBe(200);
  });

  it('leaves passwords, tokens and cookies out of the log', async () => {
    const { token } = await create({ name: 'planted' }, owner);
    const wrong = { email: 'olga@example.com', password: 'planted-wrong-password' };
    expect((await postJson(server.admin('/api/session'), wrong)).status).toBe(401);
    const log = server.text();
    for (const planted of [PASSWORD, wrong.password, token, owner['cookie']?.split('=')[1] ?? 'none']) {
      expect(log).not.toContain(planted);
    }
  });
});

describe('set-up', () => {
  it('is offered until there is an account, by a new link at each start', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'cas-admin-'));
    try {
      const env = { CAS_DATA_DIR: dataDir };
      const first = await startServer({ env });
      const old = await setupSecret(first);
      await first.stop();
      const second = await startServer({ env });
      const person = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };
      const attempt = (secret: string) => postJson(second.admin('/api/setup'), { secret, ...person });
      expect((await attempt(old)).status).toBe(404);
      expect((await attempt(await setupSecret(second))).status).toBe(201);
      await second.stop();
      await using third = await startServer({ env });
      expect(third.logs().filter((line) => line['setupUrl'] !== undefined)).toEqual([]);
      expect((await call(third.admin('/api/setup'))).json()).toEqual({ needed: false });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('under TLS', () => {
  it('the cookie is for TLS and this host only', async () => {
    const certificate = makeServerCertificate();
    await using server = await startServer({ tls: certificate });
    const { authority } = certificate;
    const person = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };
    const answer = await call(server.admin('/api/setup').replace('127.0.0.1', 'localhost'), {
      authority,
      body: JSON.stringify({ secret: await setupSecret(server), ...person }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-cas_session=.*; Secure/);
    certificate.remove();
  });
});
