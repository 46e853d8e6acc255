import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SingleSignOn, type OidcClient, type OidcIdentity } from '#auth';
import { DomainError, systemClock as clock } from '#core';
import type { Database } from '#database';
import { AdminUnderTest, HOST } from '../testing/admin-under-test.js';

/** A provider that lets in whoever the test says, when the browser brings back what it was given. */
class KnownProvider {
  redirectUrl: string | undefined;
  identity: OidcIdentity = {
    issuer: 'https://id.example',
    subject: 's-1',
    verifiedEmail: 'olga@example.com',
    name: 'Olga',
  };

  start(redirectUrl: string): Promise<{ url: string; kept: string }> {
    this.redirectUrl = redirectUrl;
    return Promise.resolve({ url: 'https://id.example/authorize?state=1', kept: 'kept-by-the-browser' });
  }

  finish(query: URLSearchParams, kept: string | undefined): Promise<OidcIdentity> {
    if (query.get('code') === 'good' && kept === 'kept-by-the-browser') return Promise.resolve(this.identity);
    return Promise.reject(new DomainError('permission_denied', 'no', { internal: 'planted-detail' }));
  }
}

let admin: AdminUnderTest;
let provider: KnownProvider;

beforeEach(async () => {
  provider = new KnownProvider();
  const signOn = (database: Database) => ({
    name: 'id.example',
    service: new SingleSignOn({
      database,
      clock,
      client: provider as unknown as OidcClient,
      domains: [],
      role: 'member',
    }),
  });
  admin = await AdminUnderTest.open({ signOn });
});

afterEach(() => admin[Symbol.asyncDispose]());

const finish = (query: string, kept = 'kept-by-the-browser') =>
  admin.call('GET', `/api/oidc/callback?${query}`, { headers: { cookie: `__Host-cas_sign_on=${kept}` } });

describe('single sign-on', () => {
  it('is told to the log-in page', async () => {
    expect((await admin.call('GET', '/api/oidc')).json).toEqual({ enabled: true, name: 'id.example' });
  });

  it('sends the browser to the provider with a cookie of ten minutes', async () => {
    const { status, headers, cookies } = await admin.call('GET', '/api/oidc/start');
    expect([status, headers['location']]).toEqual([302, 'https://id.example/authorize?state=1']);
    expect(provider.redirectUrl).toBe(`http://${HOST}/api/oidc/callback`);
    expect(cookies[0]).toMatch(
      /^__Host-cas_sign_on=kept-by-the-browser; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
  });

  it('logs in who comes back, and takes its cookie away', async () => {
    await admin.account('olga', 'owner');
    const { status, headers, cookies } = await finish('code=good');
    expect([status, headers['location']]).toEqual([302, '/']);
    const session = cookies.find((line) => line.startsWith('__Host-cas_session='))?.split(';')[0] ?? '';
    expect(cookies.find((line) => line.startsWith('__Host-cas_sign_on=;'))).toBeDefined();
    const { json } = await admin.call('GET', '/api/session', { headers: { cookie: session } });
    expect(json.account).toMatchObject({ email: 'olga@example.com', hasSingleSignOn: true });
  });

  it('leads whom it does not let in back to the log-in page, which learns a code only', async () => {
    await admin.account('olga', 'owner');
    for (const answer of [await finish('code=bad'), await finish('code=good', 'of-another-browser')]) {
      expect([answer.status, answer.headers['location']]).toEqual([302, '/login#problem=permission_denied']);
      expect(answer.cookies.some((line) => line.startsWith('__Host-cas_session='))).toBe(false);
    }
  });

  it('is not there where nobody has set it up', async () => {
    await using without = await AdminUnderTest.open();
    expect((await without.call('GET', '/api/oidc')).json).toEqual({ enabled: false, name: null });
    const { headers } = await without.call('GET', '/api/oidc/start');
    expect(headers['location']).toBe('/login#problem=not_found');
  });
});
