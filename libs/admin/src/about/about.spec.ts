import { describe, expect, it } from 'vitest';
import { ACCOUNT_ROLES } from '#auth';
import { AdminUnderTest } from '../testing/admin-under-test.js';
import { inferenceUrlFor } from './about.controller.js';

describe('what the console knows of the service', () => {
  it.each([
    [{ url: 'https://clip.example.com/' }, 'https://clip.example.com'],
    [{ listening: { host: '127.0.0.1', port: 51000, tls: false } }, 'http://127.0.0.1:51000'],
    [{ listening: { host: '0.0.0.0', port: 51000, tls: true } }, 'https://cas.example.test:51000'],
    [{ listening: { host: '::1', port: 51000, tls: false } }, 'http://[::1]:51000'],
    [{}, null],
  ])('is of %o that it is reached at %s', (facts, url) => {
    expect(inferenceUrlFor(facts, 'cas.example.test')).toBe(url);
  });

  it('is told to whoever is known, with what each role may do in words', async () => {
    await using admin = await AdminUnderTest.open();
    const member = await admin.account('olga', 'owner');
    const headers = await admin.browserOf(member);
    expect((await admin.call('GET', '/api/console')).status).toBe(401);
    const about = await admin.call('GET', '/api/console', { headers });
    expect(about.json).toMatchObject({ inferenceUrl: null, tokensRequired: null });
    const { roles } = (await admin.call('GET', '/api/roles', { headers })).json;
    expect(roles.map(({ role }: { role: string }) => role)).toEqual(ACCOUNT_ROLES);
    expect(roles[2].permissions[0]).toEqual({ permission: 'tokens:read-own', words: 'See the own tokens' });
  });
});
