import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** What the provider says about a person, by the person's subject. */
export interface Person {
  email?: string;
  email_verified?: boolean;
  name?: string;
}

export const REDIRECT_URL = 'http://127.0.0.1:51001/sso/callback';
export const CLIENT = { clientId: 'cas', clientSecret: 'a-secret-of-the-client' };

/** A real OpenID Connect provider on loopback, and a browser that logs in there. */
export class RunningOidcProvider {
  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    readonly people: Map<string, Person>,
  ) {}

  static async start(people: Record<string, Person>): Promise<RunningOidcProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const known = new Map(Object.entries(people));
    const handle = providerOf(issuer, known, REDIRECT_URL).callback();
    server.on('request', (req, res) => void handle(req, res));
    return new RunningOidcProvider(server, issuer, known);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Follows an authorization URL as this person's browser and answers the query that it comes back with. */
  async logIn(authorizationUrl: string, subject: string): Promise<URLSearchParams> {
    const browser = new Browser();
    let location = await browser.get(authorizationUrl);
    for (const form of [{ prompt: 'login', login: subject, password: 'any' }, { prompt: 'consent' }]) {
      location = await browser.followTo(location, '/interaction/');
      location = await browser.post(location, form);
    }
    return new URL(await browser.followTo(location, REDIRECT_URL)).searchParams;
  }

  /** The same, for somebody who changes their mind. */
  async abort(authorizationUrl: string): Promise<URLSearchParams> {
    const browser = new Browser();
    const form = await browser.followTo(await browser.get(authorizationUrl), '/interaction/');
    return new URL(await browser.followTo(`${form}/abort`, REDIRECT_URL)).searchParams;
  }
}

/**
 * A provider that knows `people` by subject, asks them who they are and for consent, and sends them to `redirectUrl`.
 */
export function providerOf(issuer: string, people: ReadonlyMap<string, Person>, redirectUrl: string): Provider {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return new Provider(issuer, {
    clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [redirectUrl] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['only-for-tests'] },
    jwks: { keys: [{ ...key, kid: 'test', use: 'sig', alg: 'RS256' } as never] },
    features: { devInteractions: { enabled: true } },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    pkce: { required: () => true },
    findAccount: (_ctx, subject) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...people.get(subject) }),
    }),
  });
}

class Browser {
  private readonly cookies = new Map<string, string>();

  get(url: string): Promise<string> {
    return this.request(url, {});
  }

  post(url: string, form: Record<string, string>): Promise<string> {
    return this.request(url, { method: 'POST', body: new URLSearchParams(form) });
  }

  /** Follows redirects until one leads to an address with this in it; nobody need answer there. */
  async followTo(url: string, part: string): Promise<string> {
    return url.includes(part) ? url : this.followTo(await this.get(url), part);
  }

  private async request(url: string, init: RequestInit): Promise<string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const location = response.headers.get('location');
    if (location === null) throw new Error(`No redirect but ${response.status}: ${await response.text()}`);
    return new URL(location, url).href;
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
