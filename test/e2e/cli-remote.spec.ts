import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';

const EMAIL = 'ann@example.com';
const PASSWORD = 'tidal lantern forty-two';

let server: RunningServer;

/** A real service whose first account has been made by the link that it logs. */
beforeAll(async () => {
  server = await startServer({ env: { CAS_AUTH: 'required' } });
  const { setupUrl } = await server.logged((line) => typeof line['setupUrl'] === 'string');
  const secret = new URL(String(setupUrl)).hash.slice(1);
  const answer = await fetch(server.admin('/api/setup'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, email: EMAIL, name: 'Ann', password: PASSWORD }),
  });
  expect(answer.status, await answer.text()).toBe(201);
});

afterAll(async () => {
  await server?.stop();
});

/** A `cas` on another machine: it has nothing of the service's but what it logs in to. */
async function loggedIn(): Promise<CasCommand> {
  const cas = new CasCommand();
  const login = ['auth', 'login', server.admin(''), '--email', EMAIL, '--password-stdin'];
  await cas.json(login, { input: `${PASSWORD}\n` });
  return cas;
}

/** How many tokens there are that log-ins have made and that work. */
async function loginTokens(cas: CasCommand): Promise<number> {
  const { tokens } = await cas.json(['auth', 'token', 'list']);
  return (tokens as { name: string }[]).filter(({ name }) => name.startsWith('cas cli on ')).length;
}

/** Whether the inference API lets a token in. */
async function serves(token: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ input: 'a cat' });
  const { status } = await fetch(server.http('/v1/embeddings'), { method: 'POST', headers, body });
  return status;
}

function credentialsFile(cas: CasCommand): string {
  return join(cas.folder, 'config/cas/credentials.json');
}

describe('cas auth login', () => {
  it('keeps the URL and a token of its own in a file that only its user can read, and no password', async () => {
    using cas = await loggedIn();
    expect(statSync(credentialsFile(cas)).mode & 0o777).toBe(0o600);
    const text = readFileSync(credentialsFile(cas), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ url: server.admin(''), token: expect.stringMatching(/^cas_pat_\w{48}$/) });
    expect(text).not.toContain(PASSWORD);
    expect(await cas.json(['auth', 'whoami'])).toMatchObject({ where: server.admin(''), name: EMAIL, role: 'admin' });
    expect(JSON.stringify(await cas.json(['auth', 'token', 'list']))).toContain('cas cli on ');
    expect(existsSync(cas.dataDir)).toBe(false);
  });

  it('is over after logout: the token is revoked and the file is gone', async () => {
    using cas = await loggedIn();
    const { token } = JSON.parse(readFileSync(credentialsFile(cas), 'utf8'));
    expect(await cas.json(['auth', 'logout'])).toEqual({ url: server.admin(''), revoked: true });
    expect(existsSync(credentialsFile(cas))).toBe(false);
    const env = { CAS_CLI_URL: server.admin(''), CAS_CLI_TOKEN: token };
    expect(await cas.failure(['auth', 'whoami'], { env })).toMatchObject({ code: 3 });
  });

  it('revokes the token of the log-in that it replaces', async () => {
    using cas = await loggedIn();
    const { token } = JSON.parse(readFileSync(credentialsFile(cas), 'utf8'));
    const login = ['auth', 'login', server.admin(''), '--email', EMAIL, '--password-stdin'];
    await cas.json(login, { input: PASSWORD });
    const env = { CAS_CLI_URL: server.admin(''), CAS_CLI_TOKEN: token };
    expect(await cas.failure(['auth', 'whoami'], { env })).toMatchObject({ code: 3 });
  });

  it('takes the place of a log-in that cannot be read, and says what is left of that', async () => {
    using cas = await loggedIn();
    const before = await loginTokens(cas);
    writeFileSync(credentialsFile(cas), 'cut in the mid');
    const login = ['auth', 'login', server.admin(''), '--email', EMAIL, '--password-stdin'];
    const { code, stderr } = await cas.run(login, { input: PASSWORD });
    expect([code, stderr]).toEqual([0, expect.stringContaining('revoke it in the console')]);
    expect(await loginTokens(cas)).toBe(before + 1);
  });

  it('leaves no token behind when it cannot be kept', async () => {
    using other = await loggedIn();
    const before = await loginTokens(other);
    using cas = new CasCommand();
    mkdirSync(dirname(dirname(credentialsFile(cas))));
    writeFileSync(dirname(credentialsFile(cas)), 'a file where the folder should be');
    const login = ['auth', 'login', server.admin(''), '--email', EMAIL, '--password-stdin'];
    await cas.failure(login, { input: PASSWORD });
    expect(await loginTokens(other)).toBe(before);
  });

  it('takes a token from stdin, and refuses one without the scope', async () => {
    using first = await loggedIn();
    using cas = new CasCommand();
    const login = ['auth', 'login', server.admin(''), '--token-stdin'];
    const weak = await first.json(['auth', 'token', 'create', 'weak']);
    expect(await cas.failure(login, { input: String(weak['token']) })).toMatchObject({ code: 3 });
    const strong = await first.json(['auth', 'token', 'create', 'strong', '--scope', 'admin:*']);
    await cas.json(login, { input: `${String(strong['token'])}\n` });
    expect(await cas.json(['auth', 'token', 'list'])).toMatchObject({ tokens: expect.any(Array) });
  });

  it('is 3 for a wrong password, and 2 where nobody can be asked', async () => {
    using cas = new CasCommand();
    const login = ['auth', 'login', server.admin('')];
    const wrong = await cas.failure([...login, '--email', EMAIL, '--password-stdin'], { input: 'planted-secret' });
    expect(wrong.code).toBe(3);
    expect(wrong.said).not.toContain('planted-secret');
    expect(await cas.failure(login)).toMatchObject({ code: 2 });
    expect(existsSync(credentialsFile(cas))).toBe(false);
  });
});

describe('at the admin API', () => {
  it('does with tokens what it does on the host', async () => {
    using cas = await loggedIn();
    const made = await cas.json(['auth', 'token', 'create', 'ci', '-e', '30', '--scope', 'encode']);
    expect(await serves(made['token'])).toBe(200);
    const rotated = await cas.json(['auth', 'token', 'rotate', 'ci', '--grace', '0']);
    expect(rotated['id']).toBe(made['id']);
    await expect.poll(() => serves(rotated['token'])).toBe(200);
    expect(await cas.json(['auth', 'token', 'update', 'ci', '--items-per-day', '9', '--model', 'a'])).toMatchObject({
      limits: { itemsPerDay: 9 },
      models: ['a'],
    });
    expect(await cas.json(['auth', 'token', 'rename', 'ci', 'build'])).toMatchObject({ name: 'build', models: ['a'] });
    expect(await cas.json(['auth', 'token', 'revoke', 'build'])).toMatchObject({ status: 'revoked' });
    await expect.poll(() => serves(rotated['token'])).toBe(401);
    expect(await cas.json(['auth', 'token', 'restore', 'build'])).toMatchObject({ status: 'active', revokedAt: null });
    // It is known again, and still limited to a model that is not served.
    await expect.poll(() => serves(rotated['token'])).toBe(403);
    const newest = await cas.json(['auth', 'token', 'rotate', 'build', '--grace', '1h']);
    expect(await cas.json(['auth', 'token', 'end-grace', 'build'])).toMatchObject({ graceUntil: null });
    await expect.poll(() => serves(rotated['token'])).toBe(401);
    await expect.poll(() => serves(newest['token'])).toBe(403);
    expect(await cas.failure(['auth', 'token', 'revoke', 'nosuch'])).toMatchObject({ code: 1 });
    expect(await cas.failure(['auth', 'token', 'create', 'x', '-e', '99999'])).toMatchObject({ code: 2 });
  });

  it('does with accounts what it does on the host, but nothing to owners', async () => {
    using cas = await loggedIn();
    const invited = await cas.json(['account', 'invite', 'ben@example.com', '--role', 'viewer', '--name', 'Ben']);
    expect(invited).toMatchObject({ email: 'ben@example.com', name: 'Ben', role: 'viewer' });
    expect(invited['url']).toMatch(/\/invite#\S{20,}$/);
    expect((await cas.json(['account', 'reset-link', 'ben@example.com']))['url']).toMatch(/\/reset#\S{20,}$/);
    expect(JSON.stringify(await cas.json(['account', 'list']))).toContain(EMAIL);
    expect(await cas.failure(['account', 'reset-link', EMAIL])).toMatchObject({ code: 3 });
  });

  it('verifies and exports the audit trail', async () => {
    using cas = await loggedIn();
    expect(await cas.json(['audit', 'verify'])).toMatchObject({ ok: true });
    const { code, stdout } = await cas.run(['audit', 'export']);
    expect(code).toBe(0);
    const actions = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).action);
    expect(actions).toContain('account.setup');
    await cas.json(['audit', 'export', '-o', 'trail.jsonl']);
    expect(await cas.json(['audit', 'verify', 'trail.jsonl'])).toMatchObject({ ok: true });
  });

  it('is 5 where nobody answers, 3 without a log-in, and this host with --local', async () => {
    using cas = await loggedIn();
    const { token } = JSON.parse(readFileSync(credentialsFile(cas), 'utf8'));
    const env = { CAS_CLI_URL: 'http://127.0.0.1:1', CAS_CLI_TOKEN: token };
    const { code, said } = await cas.failure(['auth', 'token', 'list'], { env });
    expect(code).toBe(5);
    expect(said).not.toContain(token);
    expect(await cas.failure(['auth', 'token', 'list', '--url', 'http://127.0.0.1:1'])).toMatchObject({ code: 3 });
    expect(await cas.json(['auth', 'token', 'list', '--local'])).toEqual({ tokens: [] });
  });

  it('tells when the URL is not that of an admin API', async () => {
    using cas = await loggedIn();
    const { token } = JSON.parse(readFileSync(credentialsFile(cas), 'utf8'));
    const env = { CAS_CLI_URL: server.http('').replace(/\/$/, ''), CAS_CLI_TOKEN: token };
    const { code, said } = await cas.failure(['auth', 'token', 'list'], { env });
    expect(code).toBe(1);
    expect(said).not.toContain(token);
  });
});
