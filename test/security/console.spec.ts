import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';

const PASSWORD = 'tidal lantern forty-two';
const PAGE = { accept: 'text/html' };

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

let server: RunningServer;
let owner: Record<string, string>;
let member: Record<string, string>;

/** Sends a request whose path nothing has put in order, as a browser would not. */
async function send(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: server.host, port: server.adminPort, path, method, headers, agent: false },
      (reply) => {
        const { statusCode: status = 0, headers: answered } = reply;
        text(reply).then((told) => resolve({ status, headers: answered, body: told }), reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

const origin = (): string => server.admin('').replace(/\/$/, '');

/** Posts JSON as a page of ours does, and reads the answer. */
async function post<Answer>(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const json = { 'content-type': 'application/json', origin: origin(), 'sec-fetch-site': 'same-origin', ...headers };
  const reply = await send(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
  expect(reply.status, reply.body).toBeLessThan(300);
  return JSON.parse(reply.body) as Answer;
}

/** The cookies that an answer sets, as lines. */
function cookiesOf({ headers }: Reply): string[] {
  return [headers['set-cookie'] ?? []].flat();
}

/** Logs in, and gives the headers of a page of ours. */
async function logIn(email: string, headers: Record<string, string> = {}): Promise<Record<string, string>> {
  const reply = await send('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: origin(), ...headers },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  expect(reply.status, reply.body).toBe(201);
  const cookie = cookiesOf(reply)
    .map((line) => line.split(';')[0])
    .join('; ');
  const { csrfToken } = JSON.parse(reply.body) as { csrfToken: string };
  return { cookie, 'x-csrf-token': csrfToken, origin: origin(), 'sec-fetch-site': 'same-origin' };
}

beforeAll(async () => {
  server = await startServer();
  const { setupUrl } = await server.logged((line) => line['setupUrl'] !== undefined);
  const secret = String(setupUrl).split('#')[1];
  await post('/api/setup', { secret, email: 'olga@example.com', name: 'Olga', password: PASSWORD });
  owner = await logIn('olga@example.com');
  const person = { email: 'mia@example.com', name: 'Mia', role: 'member' };
  const { link } = await post<{ link: { url: string } }>('/api/accounts', person, owner);
  await post('/api/links/accept', { secret: link.url.split('#')[1], password: PASSWORD });
  member = await logIn('mia@example.com');
});

afterAll(() => server?.stop());

describe('every answer of the admin port', () => {
  async function paths(): Promise<string[]> {
    const { body } = await send('/', { headers: PAGE });
    const assets = [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(assets.length).toBeGreaterThan(1);
    return [
      ...[
        '/',
        '/login',
        '/tokens',
        '/nowhere',
        '/mark.svg',
        '/docs',
        '/docs/index.html',
        '/openapi.json',
        '/health/live',
      ],
      ...[
        '/api/setup',
        '/api/session',
        '/api/nothing',
        '/api/audit',
        '/api/tokens/%zz',
        `/api/tokens/${'a'.repeat(900)}`,
      ],
      ...['/%zz', '/assets/nothing.js', '//', ...assets],
    ];
  }

  it('tells browsers that nothing may frame it, guess its type, run what is inside, or use their devices', async () => {
    for (const path of await paths()) {
      const { headers, status } = await send(path, { headers: PAGE });
      const policy = String(headers['content-security-policy']);
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).toMatch(/script-src 'self'(;|$)/);
      expect(policy, path).not.toContain('unsafe-eval');
      if (!path.startsWith('/docs')) expect(policy, path).not.toContain('unsafe-inline');
      expect(headers, `${path} ${status}`).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
      });
      expect(headers['access-control-allow-origin'], path).toBeUndefined();
      expect(headers['x-powered-by'], path).toBeUndefined();
    }
  });

  it('is kept by nobody where it comes from the API, and for ever where its name has its hash', async () => {
    for (const path of await paths()) {
      const { headers, status } = await send(path, { headers: PAGE });
      if (path.startsWith('/api/')) expect(headers['cache-control'], path).toBe('no-store');
      if (path.startsWith('/assets/') && status === 200) {
        expect(headers['cache-control'], path).toBe('public, max-age=31536000, immutable');
      }
    }
  });

  it('is never a file that lies beside the console, however the path is written', async () => {
    for (const path of [
      ...[
        '/assets/../index.html',
        '/assets/%2e%2e/index.html',
        '/assets/..%2f..%2fpackage.json',
        '/..%2f..%2fpackage.json',
      ],
      ...['/assets/..%5c..%5cpackage.json', '/assets//etc/passwd', '//etc/passwd', '/assets/%2fetc%2fpasswd'],
      ...['/assets/%00.js', '/%00', '/index.html.br', '/mark.svg.br', '/.env', '/assets/.git', '/assets/a.unknown'],
      ...['/./package.json', '/dist/console/index.html', '/assets/%252e%252e%252fpackage.json'],
    ]) {
      const { status, body, headers } = await send(path);
      expect([400, 404].includes(status), `${path} ${status}`).toBe(true);
      expect(headers['content-type'], path).toContain('application/json');
      const asPage = await send(path, { headers: PAGE });
      if (asPage.status === 200) expect(asPage.body, path).toContain('<div id="root">');
      for (const told of [body, asPage.body]) expect(told, path).not.toMatch(/"dependencies"|root:x:/);
    }
  });
});

describe('a change that a page of another site makes a browser send', () => {
  const form = { 'content-type': 'text/plain' };
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'forged', expiresInDays: 1 });

  it.each([
    [
      'a form, which cannot have our header',
      { ...form, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    ],
    ['a form from another port of this host', { ...form, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a page in a sandbox', { ...json, origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a browser that sends no origin', { ...json, 'sec-fetch-site': 'cross-site' }],
    ['an old browser, which sends the origin alone', { ...json, origin: 'https://evil.example' }],
    ['a page whose address begins as ours does', { ...json, origin: 'ORIGIN.evil.example' }],
  ])('is refused: %s', async (_what, headers) => {
    const sent: Record<string, string> = { ...headers, cookie: owner['cookie'] ?? '' };
    if (sent['origin'] !== undefined) sent['origin'] = sent['origin'].replace('ORIGIN', origin());
    for (const token of [{}, { 'x-csrf-token': owner['x-csrf-token'] ?? '' }]) {
      const { status } = await send('/api/tokens', { method: 'POST', headers: { ...sent, ...token }, body });
      expect(status).toBe(403);
    }
  });

  it.each([
    ['none', {}],
    ['an empty one', { 'x-csrf-token': '' }],
    ['that of another session', { 'x-csrf-token': 'OTHER' }],
  ])(
    'is refused with our origin and the CSRF token missing or wrong: %s',
    async (_what, token: Record<string, string>) => {
      const { 'x-csrf-token': _, ...page } = owner;
      const wrong = token['x-csrf-token'] === 'OTHER' ? { 'x-csrf-token': member['x-csrf-token'] ?? '' } : token;
      const { status } = await send('/api/tokens', { method: 'POST', headers: { ...page, ...json, ...wrong }, body });
      expect(status).toBe(403);
    },
  );

  it('has changed nothing', async () => {
    const { body: told } = await send('/api/tokens', { headers: owner });
    expect(told).not.toContain('forged');
  });

  it('cannot be prepared by a preflight, and live events are not told to other origins', async () => {
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'PUT' };
    const preflight = await send('/api/tokens', { method: 'OPTIONS', headers: asked });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    const events = await new Promise<Reply['headers']>((resolve, reject) => {
      const headers = { cookie: owner['cookie'] ?? '', origin: 'https://evil.example', accept: 'text/event-stream' };
      const sent = request({ host: server.host, port: server.adminPort, path: '/api/events', headers }, (reply) => {
        resolve(reply.headers);
        reply.destroy();
      });
      sent.once('error', reject).end();
    });
    expect(events['access-control-allow-origin']).toBeUndefined();
    expect(events['cross-origin-resource-policy']).toBe('same-origin');
  });
});

describe('a session', () => {
  it('lies in a cookie that no script reads and no other site sends with a change', async () => {
    const reply = await send('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: origin() },
      body: JSON.stringify({ email: 'mia@example.com', password: PASSWORD }),
    });
    const cookies = cookiesOf(reply);
    expect(cookies.some((line) => line.startsWith('cas_session='))).toBe(true);
    for (const line of cookies) {
      expect(line).toMatch(/; Path=\/(;|$)/);
      expect(line).toContain('; HttpOnly');
      expect(line).toContain('; SameSite=Lax');
      expect(line).not.toContain('Domain');
      expect(line).toMatch(/; Max-Age=\d+/);
    }
  });

  it('is never one that somebody chose before the log-in', async () => {
    const planted = 'p'.repeat(43);
    const { cookie } = await logIn('mia@example.com', { cookie: `cas_session=${planted}` });
    expect(cookie).not.toContain(planted);
    const { status } = await send('/api/session', { headers: { cookie: `cas_session=${planted}` } });
    expect(status).toBe(401);
  });

  it('of somebody else is not taken over by a log-in in the same browser', async () => {
    const first = await logIn('mia@example.com');
    const second = await logIn('olga@example.com', { cookie: first['cookie'] ?? '' });
    const who = async (headers: Record<string, string>) => (await send('/api/session', { headers })).body;
    expect(await who(second)).toContain('olga@example.com');
    expect(second['cookie']).not.toBe(first['cookie']);
  });
});

/** What every reader of models may know, whoever asks for it. */
const KNOWN_TO_MEMBERS = /^\/api\/(pods|models|catalogue|devices|replicas)(\/|$)/;

describe('a member who asks for what is of others', () => {
  it('hears that there is none, or that the role does not allow it, on every route that takes an id', async () => {
    const token = await post<{ record: { id: string } }>('/api/tokens', { name: 'theirs', expiresInDays: 1 }, owner);
    const other = JSON.parse((await send('/api/session', { headers: owner })).body) as { account: { id: string } };
    const { body } = await send('/openapi.json');
    const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, object>> };
    const routes = Object.entries(paths)
      .filter(([path]) => path.includes('{') && !KNOWN_TO_MEMBERS.test(path))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })));
    expect(routes.length).toBeGreaterThan(8);
    for (const { path, method } of routes) {
      const id = path.startsWith('/api/accounts') ? other.account.id : token.record.id;
      const url = path.replaceAll(/\{\w+\}/g, id);
      const sends = method === 'GET' || method === 'DELETE' ? {} : { body: '{"name":"taken over"}' };
      const headers = { ...member, ...('body' in sends ? { 'content-type': 'application/json' } : {}) };
      const { status } = await send(url, { method, headers, ...sends });
      // The session of somebody else is as one that has ended: there is nothing to end.
      const isAnswered = path.startsWith('/api/session/others') ? status === 204 : [403, 404, 422].includes(status);
      expect(isAnswered, `${method} ${url} ${status}`).toBe(true);
    }
    const after = await send(`/api/tokens/${token.record.id}`, { headers: owner });
    expect(JSON.parse(after.body)).toMatchObject({ name: 'theirs', status: 'active' });
    expect((await send('/api/session', { headers: owner })).status).toBe(200);
  });

  it('finds nothing of others in lists, figures and files', async () => {
    for (const path of ['/api/tokens', '/api/usage', '/api/usage.csv', '/api/limits', '/api/traces']) {
      const { status, body } = await send(path, { headers: member });
      expect([status, path]).toEqual([200, path]);
      expect(body, path).not.toMatch(/theirs|olga@example\.com/);
    }
    for (const path of ['/api/audit', '/api/audit.csv', '/api/audit/export', '/api/settings', '/api/accounts']) {
      expect([(await send(path, { headers: member })).status, path]).toEqual([403, path]);
    }
  });
});
