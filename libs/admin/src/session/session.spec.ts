import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminUnderTest, HOST, PASSWORD, type Answer } from '../testing/admin-under-test.js';

let admin: AdminUnderTest;

beforeEach(async () => {
  admin = await AdminUnderTest.open();
});

afterEach(() => admin[Symbol.asyncDispose]());

const logIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  admin.call('POST', '/api/session', { body: { email, password }, headers });

/** The headers of a browser after it got an answer with cookies. */
function browserAfter({ cookies, json }: Answer): Record<string, string> {
  const kept = cookies.map((line) => line.split(';')[0]).join('; ');
  return { cookie: kept, 'x-csrf-token': json.csrfToken as string, origin: `https://${HOST}` };
}

describe('the log-in', () => {
  it('answers with the account and with cookies that scripts and other sites do not get', async () => {
    const owner = await admin.account('olga', 'owner');
    const answer = await logIn('Olga@Example.com', PASSWORD);
    expect(answer.status).toBe(201);
    expect(answer.json.account.id).toBe(owner.id);
    const session = answer.cookies.find((line) => line.startsWith('__Host-cas_session='));
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=604800']) {
      expect(session).toContain(attribute);
    }
    expect(session).not.toContain('Domain');
    expect(answer.text).not.toContain(/=([^;]+)/.exec(session ?? '')?.[1]);
  });

  it('has plain cookies where there is no TLS', async () => {
    await using plain = await AdminUnderTest.open({ secureCookies: false });
    await plain.account('olga', 'owner');
    const { cookies } = await plain.call('POST', '/api/session', {
      body: { email: 'olga@example.com', password: PASSWORD },
    });
    const session = cookies.find((line) => line.startsWith('cas_session='));
    expect(session).toContain('HttpOnly');
    expect(session).not.toContain('Secure');
  });

  it('says the same of a wrong password and of an unknown address', async () => {
    await admin.account('olga', 'owner');
    const [wrong, unknown] = [await logIn('olga@example.com', 'wrong'), await logIn('nobody@example.com', 'wrong')];
    expect(wrong.status).toBe(401);
    expect([unknown.status, unknown.json]).toEqual([wrong.status, wrong.json]);
    expect(wrong.cookies).toEqual([]);
  });

  it('is slowed after several failures, with a time to come back, and not for those who come from elsewhere', async () => {
    await using behind = await AdminUnderTest.open({ trustedProxies: ['127.0.0.1'] });
    await behind.account('olga', 'owner');
    const tryFrom = (from: string, password: string) =>
      behind.call('POST', '/api/session', {
        body: { email: 'olga@example.com', password },
        headers: { 'x-forwarded-for': from },
      });
    const statuses: number[] = [];
    for (let count = 0; count < 8; count++) statuses.push((await tryFrom('192.0.2.7', 'wrong')).status);
    expect(statuses).toContain(429);
    const refused = await tryFrom('192.0.2.7', PASSWORD);
    expect([refused.status, refused.json.error.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await tryFrom('198.51.100.9', PASSWORD)).status).toBe(201);
  });

  it('believes no X-Forwarded-For of a caller that is no proxy', async () => {
    await admin.account('olga', 'owner');
    const answer = await logIn('olga@example.com', PASSWORD, { 'x-forwarded-for': '192.0.2.99' });
    const { json } = await admin.call('GET', '/api/session/others', { headers: browserAfter(answer) });
    expect(json.sessions[0].from).toBe('127.0.0.1');
  });
});

describe('a session', () => {
  it('knows who it is and what that may do', async () => {
    await admin.account('olga', 'owner');
    const answer = await logIn('olga@example.com', PASSWORD);
    const { json } = await admin.call('GET', '/api/session', { headers: browserAfter(answer) });
    expect(json).toMatchObject({ via: 'session', role: 'owner', csrfToken: answer.json.csrfToken });
    expect(json.permissions).toContain('owners:write');
  });

  it('ends with the log-out, and its cookie is taken back', async () => {
    await admin.account('olga', 'owner');
    const headers = browserAfter(await logIn('olga@example.com', PASSWORD));
    const { status, cookies } = await admin.call('DELETE', '/api/session', { headers });
    expect(status).toBe(204);
    expect(cookies[0]).toMatch(/^__Host-cas_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
    expect((await admin.call('GET', '/api/session', { headers })).status).toBe(401);
  });

  it('of the same browser ends when somebody logs in there anew', async () => {
    await admin.account('olga', 'owner');
    const first = browserAfter(await logIn('olga@example.com', PASSWORD));
    await logIn('olga@example.com', PASSWORD, { cookie: first['cookie'] ?? '' });
    expect((await admin.call('GET', '/api/session', { headers: first })).status).toBe(401);
  });

  it('lists the others and ends one of them or all, but never those of somebody else', async () => {
    const olga = await admin.account('olga', 'owner');
    const mia = await admin.account('mia', 'member');
    const [here, there, away] = [await admin.browserOf(olga), await admin.browserOf(olga), await admin.browserOf(mia)];
    const others = async (headers: Record<string, string>) =>
      (await admin.call('GET', '/api/session/others', { headers })).json.sessions as { id: string; current: boolean }[];
    const [otherOfOlga] = (await others(here)).filter(({ current }) => !current);
    await admin.call('DELETE', `/api/session/others/${otherOfOlga!.id}`, { headers: away });
    expect(await others(here)).toHaveLength(2);
    await admin.call('DELETE', `/api/session/others/${otherOfOlga!.id}`, { headers: here });
    expect((await admin.call('GET', '/api/session', { headers: there })).status).toBe(401);
    await admin.browserOf(olga);
    await admin.call('DELETE', '/api/session/others', { headers: here });
    expect(await others(here)).toHaveLength(1);
  });

  it('changes the password, after which only itself goes on', async () => {
    const olga = await admin.account('olga', 'owner');
    const [here, there] = [await admin.browserOf(olga), await admin.browserOf(olga)];
    const change = (old: string) =>
      admin.call('POST', '/api/session/password', { body: { old, new: 'quiet harbour seventy' }, headers: here });
    expect((await change('wrong')).status).toBe(403);
    expect((await change(PASSWORD)).status).toBe(200);
    expect((await admin.call('GET', '/api/session', { headers: here })).status).toBe(200);
    expect((await admin.call('GET', '/api/session', { headers: there })).status).toBe(401);
    expect((await logIn('olga@example.com', 'quiet harbour seventy')).status).toBe(201);
  });

  it('lets everybody change the own name', async () => {
    await admin.account('olga', 'owner');
    const headers = await admin.browserOf(await admin.account('vera', 'viewer'));
    const { json } = await admin.call('PATCH', '/api/session', { body: { name: 'Vera V.' }, headers });
    expect(json.name).toBe('Vera V.');
  });
});

describe('links', () => {
  const person = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };

  it('the set-up link makes the first owner, logs it in and works once', async () => {
    expect((await admin.call('GET', '/api/setup')).json).toEqual({ needed: true });
    const secret = (await admin.services.credentials.setupLink())?.secret;
    const answer = await admin.call('POST', '/api/setup', { body: { secret, ...person } });
    expect([answer.status, answer.json.account.role]).toEqual([201, 'owner']);
    expect((await admin.call('GET', '/api/session', { headers: browserAfter(answer) })).status).toBe(200);
    expect((await admin.call('GET', '/api/setup')).json).toEqual({ needed: false });
    expect((await admin.call('POST', '/api/setup', { body: { secret, ...person } })).status).toBe(404);
  });

  it('an invitation leads to a password and a log-in', async () => {
    const headers = await admin.browserOf(await admin.account('olga', 'owner'));
    const body = { email: 'mia@example.com', name: 'Mia', role: 'member' };
    const { status, json } = await admin.call('POST', '/api/accounts', { body, headers });
    expect([status, json.account.status]).toEqual([201, 'invited']);
    const [page, secret] = (json.link.url as string).split('#');
    expect(page).toBe(`http://${HOST}/invite`);
    const accepted = await admin.call('POST', '/api/links/accept', { body: { secret, password: PASSWORD } });
    expect([accepted.status, accepted.json.status]).toEqual([200, 'active']);
    expect((await logIn('mia@example.com', PASSWORD)).status).toBe(201);
  });

  it('lead to the public address where there is one', async () => {
    await using behind = await AdminUnderTest.open({ publicUrl: 'https://cas.example.com' });
    const olga = await behind.account('olga', 'owner');
    const mia = await behind.account('mia', 'member');
    const headers = { ...(await behind.browserOf(olga)), origin: 'https://cas.example.com' };
    const { json } = await behind.call('POST', `/api/accounts/${mia.id}/reset-link`, { headers });
    expect(json.url).toMatch(/^https:\/\/cas\.example\.com\/reset#[\w-]{43}$/);
  });
});
