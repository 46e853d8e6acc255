import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT, providerOf, type Person } from '../../libs/auth/src/testing/oidc-provider.js';
import { startServer, type RunningServer } from '../support/server.js';
import { call, postJson } from './support/http-call.js';

/** What the provider says about the people it knows, by their subject. */
const PEOPLE = new Map<string, Person>([
  ['mia', { email: 'mia@example.com', email_verified: true, name: 'Mia' }],
  ['eve', { email: 'eve@elsewhere.example', email_verified: true, name: 'Eve' }],
]);

/** A browser: it keeps cookies by host and follows where it is sent. */
class Browser {
  private readonly cookies = new Map<string, Map<string, string>>();

  /** Goes to an address, follows redirects, and answers where it ended; a form on the way is filled in by `form`. */
  async open(url: string, form: (url: string) => Record<string, string> | undefined): Promise<URL> {
    let [target, body] = [new URL(url), undefined as URLSearchParams | undefined];
    for (let steps = 0; steps < 20; steps++) {
      const response = await this.request(target, body);
      const location = response.headers.get('location');
      const answer = location === null ? form(target.href) : undefined;
      if (location === null && answer === undefined) return target;
      if (location !== null) target = new URL(location, target);
      body = answer === undefined ? undefined : new URLSearchParams(answer);
    }
    throw new Error(`The redirects do not end; the last was to ${target.href}`);
  }

  /** The Cookie header for an address. */
  cookieFor(url: URL): string {
    return [...(this.cookies.get(url.host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async request(url: URL, body: URLSearchParams | undefined): Promise<Response> {
    const post = body === undefined ? {} : { method: 'POST', body };
    const response = await fetch(url, { ...post, redirect: 'manual', headers: { cookie: this.cookieFor(url) } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const kept = this.cookies.get(url.host) ?? new Map<string, string>();
      this.cookies.set(url.host, value === '' ? kept : kept.set(name, value));
      if (value === '') kept.delete(name);
    }
    return response;
  }
}

let issuer: string;
let provider: Server;
let server: RunningServer;

beforeAll(async () => {
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  server = await startServer({
    env: {
      CAS_OIDC_ISSUER: issuer,
      CAS_OIDC_CLIENT_ID: CLIENT.clientId,
      CAS_OIDC_CLIENT_SECRET: CLIENT.clientSecret,
      CAS_OIDC_DOMAINS: 'example.com',
    },
  });
  const handle = providerOf(issuer, PEOPLE, server.admin('/api/oidc/callback')).callback();
  provider.on('request', (req, res) => void handle(req, res));
  const { setupUrl } = await server.logged((line) => typeof line['setupUrl'] === 'string');
  const person = { email: 'olga@example.com', name: 'Olga', password: 'tidal lantern forty-two' };
  await postJson(server.admin('/api/setup'), { secret: String(setupUrl).split('#')[1], ...person });
});

afterAll(async () => {
  await server?.stop();
  provider?.closeAllConnections();
  provider?.close();
});

/** Logs `subject` in at the provider: its first form asks who it is, its second for consent. */
async function signOn(browser: Browser, subject: string): Promise<URL> {
  const forms = [{ prompt: 'login', login: subject, password: 'any' }, { prompt: 'consent' }];
  return browser.open(server.admin('/api/oidc/start'), (url) =>
    url.startsWith(issuer) && url.includes('/interaction/') ? forms.shift() : undefined,
  );
}

describe('single sign-on at a real provider', () => {
  it('is offered by the name of the provider', async () => {
    const { host } = new URL(issuer);
    expect((await call(server.admin('/api/oidc'))).json()).toEqual({ enabled: true, name: host });
  });

  it('logs in who comes from a domain that gets accounts', async () => {
    const browser = new Browser();
    const end = await signOn(browser, 'mia');
    expect(end.href).toBe(server.admin('/'));
    const { account, role } = (
      await call(server.admin('/api/session'), { headers: { cookie: browser.cookieFor(end) } })
    ).json<{ account: object; role: string }>();
    expect([account, role]).toEqual([
      expect.objectContaining({ email: 'mia@example.com', hasPassword: false }),
      'member',
    ]);
  });

  it('sends everybody else back to the log-in page', async () => {
    const browser = new Browser();
    const end = await signOn(browser, 'eve');
    expect(end.href).toBe(server.admin('/login#problem=permission_denied'));
    const { status } = await call(server.admin('/api/session'), { headers: { cookie: browser.cookieFor(end) } });
    expect(status).toBe(401);
  });

  it('refuses an answer of the provider in another browser than the one that was sent there', async () => {
    const end = await new Browser().open(server.admin('/api/oidc/callback?code=stolen&state=guessed'), () => undefined);
    expect(end.href).toBe(server.admin('/login#problem=permission_denied'));
  });
});
