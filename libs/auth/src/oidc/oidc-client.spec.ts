import { ManualClock } from '#core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, REDIRECT_URL, RunningOidcProvider } from '../testing/oidc-provider.js';
import { OidcClient } from './oidc-client.js';
import { SIGN_ON_MS_MAX, decodeKept, encodeKept } from './oidc-kept.js';

describe('OidcClient, with a real provider', () => {
  let provider: RunningOidcProvider;
  let clock: ManualClock;
  let client: OidcClient;

  beforeAll(async () => {
    provider = await RunningOidcProvider.start({
      ann: { email: 'Ann@Example.com', email_verified: true, name: 'Ann Example' },
      eve: { email: 'ann@example.com', email_verified: false },
    });
  });
  afterAll(() => provider.stop());
  beforeEach(() => {
    clock = new ManualClock();
    client = new OidcClient({ issuer: provider.issuer, ...CLIENT, clock });
  });

  it('answers who logged in, with the address that the provider verified', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const identity = await client.finish(await provider.logIn(url, 'ann'), kept);
    expect(identity).toEqual({
      issuer: provider.issuer,
      subject: 'ann',
      verifiedEmail: 'Ann@Example.com',
      name: 'Ann Example',
    });
  });

  it('believes no address that the provider has not verified', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const identity = await client.finish(await provider.logIn(url, 'eve'), kept);
    expect(identity).toMatchObject({ subject: 'eve', verifiedEmail: undefined });
  });

  it('sends PKCE, state and nonce, none of which shows the verifier', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const { state, nonce, verifier } = decodeKept(kept, 0);
    const query = new URL(url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      state,
      nonce,
      code_challenge_method: 'S256',
      response_type: 'code',
    });
    expect(url).not.toContain(verifier);
  });

  it('refuses an answer with a state that is not the one of this browser', async () => {
    const { url } = await client.start(REDIRECT_URL);
    const query = await provider.logIn(url, 'ann');
    const { kept: keptByAnother } = await client.start(REDIRECT_URL);
    await expect(client.finish(query, keptByAnother)).rejects.toMatchObject(refusedFor(/"state"/));
  });

  it('refuses an ID token with another nonce', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const query = await provider.logIn(url, 'ann');
    const tampered = encodeKept({ ...decodeKept(kept, 0), nonce: 'another' });
    await expect(client.finish(query, tampered)).rejects.toMatchObject(refusedFor(/"nonce"/));
  });

  it('refuses a code without the verifier that it was asked for with', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const query = await provider.logIn(url, 'ann');
    const tampered = encodeKept({ ...decodeKept(kept, 0), verifier: 'x'.repeat(43) });
    await expect(client.finish(query, tampered)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('refuses a code that was used before', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const query = await provider.logIn(url, 'ann');
    await client.finish(query, kept);
    await expect(client.finish(query, kept)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('refuses whoever changed their mind at the provider', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const query = await provider.abort(url);
    await expect(client.finish(query, kept)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it.each([undefined, '', 'no base64url of JSON', encodeKept({ state: 1 } as never)])(
    'refuses an answer without the cookie of its start (%j)',
    async (kept) => {
      await expect(client.finish(new URLSearchParams(), kept)).rejects.toMatchObject({ code: 'permission_denied' });
    },
  );

  it('refuses an answer that took too long', async () => {
    const { url, kept } = await client.start(REDIRECT_URL);
    const query = await provider.logIn(url, 'ann');
    clock.advance(SIGN_ON_MS_MAX);
    await expect(client.finish(query, kept)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('says that this service is not accepted as unavailable, since no person can mend that', async () => {
    const wrong = new OidcClient({ issuer: provider.issuer, ...CLIENT, clientSecret: 'wrong', clock });
    const { url, kept } = await wrong.start(REDIRECT_URL);
    await expect(wrong.finish(await provider.logIn(url, 'ann'), kept)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('OidcClient, without a provider', () => {
  it('is unavailable while the provider is down, at the start of a sign-on and at its end', async () => {
    const provider = await RunningOidcProvider.start({ ann: {} });
    const client = new OidcClient({ issuer: provider.issuer, ...CLIENT, clock: new ManualClock() });
    const { url, kept } = await client.start(REDIRECT_URL);
    const query = await provider.logIn(url, 'ann');
    await provider.stop();
    await expect(client.finish(query, kept)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 5000 });
    const other = new OidcClient({ issuer: provider.issuer, ...CLIENT, clock: new ManualClock() });
    await expect(other.start(REDIRECT_URL)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 5000 });
  });

  it.each(['http://id.example.com', 'ftp://id.example.com', 'http://127.0.0.1.example.com', 'none'])(
    'refuses the issuer %s',
    (issuer) => {
      expect(() => new OidcClient({ issuer, ...CLIENT, clock: new ManualClock() })).toThrow(/https/);
    },
  );
});

function refusedFor(reason: RegExp): object {
  return { code: 'permission_denied', internal: expect.stringMatching(reason) };
}
