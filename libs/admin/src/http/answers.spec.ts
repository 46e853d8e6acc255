import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AdminUnderTest, PASSWORD } from '../testing/admin-under-test.js';

describe('answers', () => {
  let admin: AdminUnderTest;
  let owner: Account;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    owner = await admin.account('olga', 'owner');
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it('of the API are kept by nobody', async () => {
    for (const url of ['/api/setup', '/api/session', '/api/nosuch']) {
      expect((await admin.call('GET', url)).headers['cache-control']).toBe('no-store');
    }
  });

  it('let pages have nothing but files of ours, and no frame around them', async () => {
    const { headers } = await admin.call('GET', '/login');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toContain('max-age=31536000');
  });

  it('say nothing of TLS where there is none', async () => {
    await using plain = await AdminUnderTest.open({ secureCookies: false });
    expect((await plain.call('GET', '/login')).headers['strict-transport-security']).toBeUndefined();
  });

  it('the documentation page may have its own styles, but no script inside', async () => {
    const policy = String((await admin.call('GET', '/docs')).headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
  });

  it('there is one documentation of the API, and nothing where its library would put others', async () => {
    const paths = ['/docs', '/openapi.json', '/docs-yaml', '/docs-json', '/docs/swagger-ui-init.js'];
    const answers = await Promise.all(paths.map((path) => admin.call('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 200]);
  });

  it('a body of more than 64 KiB is refused', async () => {
    const headers = await admin.browserOf(owner);
    const body = { name: 'x'.repeat(65 * 1024), expiresInDays: 1 };
    const { status, json } = await admin.call('POST', '/api/tokens', { body, headers });
    expect([status, json.error.code]).toEqual([413, 'request_too_large']);
  });

  it('only JSON is accepted', async () => {
    const headers = { ...(await admin.browserOf(owner)), 'content-type': 'text/plain' };
    const { status } = await admin.call('POST', '/api/tokens', { body: '{}', headers });
    expect(status).toBe(415);
  });

  it('a body that is no object, or nested very deeply, is the fault of who sent it', async () => {
    const headers = await admin.browserOf(owner);
    for (const body of ['[]', '"text"', 'null', `{"name":"a","limits":${'['.repeat(20_000)}${']'.repeat(20_000)}}`]) {
      expect((await admin.call('POST', '/api/tokens', { body, headers })).status, body.slice(0, 30)).toBe(422);
    }
  });

  it('a body that is missing or null is refused, also where every key may be left out', async () => {
    const headers = await admin.browserOf(owner);
    const { json } = await admin.call('POST', '/api/tokens', { body: { name: 'ci', expiresInDays: 1 }, headers });
    for (const sent of [{}, { body: 'null' }]) {
      const { status } = await admin.call('PATCH', `/api/tokens/${json.record.id}`, { ...sent, headers });
      expect(status).toBe(422);
    }
  });

  it.each([
    ['PUT', '/api/tokens', 405, 'GET, POST'],
    ['POST', '/api/tokens/1', 405, 'DELETE, GET, PATCH'],
    ['POST', '/api/tokens/1/rotate/', 404, undefined],
    ['DELETE', '/', 405, 'GET'],
    ['DELETE', '/login', 404, undefined],
    ['POST', '/api/nosuch', 404, undefined],
  ] as const)('%s %s is answered with %i, and with what is allowed', async (method, url, expected, allow) => {
    const { status, json, headers } = await admin.call(method, url);
    expect([status, json.error.code]).toEqual([expected, expected === 405 ? 'method_not_allowed' : 'not_found']);
    expect(headers['allow']).toBe(allow);
  });

  it.each([
    ['/api/tokens/%zz', 400, 'invalid_argument'],
    [`/api/tokens/${'a'.repeat(700)}`, 404, 'not_found'],
  ])(
    'the path %.30s, which no route is asked about, is refused in the form of the rest',
    async (url, expected, code) => {
      const { status, json } = await admin.call('GET', url);
      expect([status, json.error.code]).toEqual([expected, code]);
    },
  );

  it('a key that is not known is refused and named', async () => {
    const headers = await admin.browserOf(owner);
    const body = { name: 'ci', expiresInDays: 1, limits: { itemsPerMonth: 5 } };
    const { status, json } = await admin.call('POST', '/api/tokens', { body, headers });
    expect(status).toBe(422);
    expect(json.error.message).toContain('itemsPerMonth');
  });

  it('no failure repeats a password, a secret or a token', async () => {
    const planted = 'planted-secret-in-a-request';
    const headers = await admin.browserOf(owner);
    const answers = await Promise.all([
      admin.call('POST', '/api/session', { body: `{"email":"a@example.com","password":"${planted}` }),
      admin.call('POST', '/api/session', { body: { email: 'a@example.com', password: planted } }),
      admin.call('POST', '/api/session', { body: { email: 5, password: [planted] } }),
      admin.call('POST', '/api/setup', { body: { secret: planted, email: 'x', name: 'x', password: planted } }),
      admin.call('POST', '/api/links/accept', { body: { secret: planted, password: PASSWORD } }),
      admin.call('POST', '/api/session/password', { body: { old: planted, new: planted }, headers }),
      admin.call('GET', '/api/tokens', { headers: { authorization: `Bearer cas_pat_${planted}` } }),
      admin.call('GET', '/api/tokens', { headers: { cookie: `__Host-cas_session=${planted}` } }),
    ]);
    for (const { status, text } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(text).not.toContain('planted');
    }
  });
});
