import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

describe('the log level', () => {
  let admin: AdminUnderTest;
  let headers: Record<string, string>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    headers = await admin.browserOf(await admin.account('owner', 'owner'));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const put = (body: object) => admin.call('PUT', '/api/log-level', { headers, body });

  it('is that of the settings, changed for a while, and put back', async () => {
    const asSettings = { level: 'info', settings: 'info', untilMs: null };
    expect((await admin.call('GET', '/api/log-level', { headers })).json).toEqual(asSettings);
    const changed = { level: 'debug', settings: 'info', untilMs: expect.any(Number) };
    expect((await put({ level: 'debug', forSeconds: 3600 })).json).toEqual(changed);
    expect((await admin.call('GET', '/api/log-level', { headers })).json).toEqual(changed);
    expect((await admin.call('DELETE', '/api/log-level', { headers })).json).toEqual(asSettings);
  });

  it.each([
    ['no level', {}],
    ['a level that does not exist', { level: 'loud' }],
    ['no time at all', { level: 'debug', forSeconds: 0 }],
    ['more than a day', { level: 'debug', forSeconds: 86_401 }],
    ['a part of a second', { level: 'debug', forSeconds: 1.5 }],
    ['null, which says neither', { level: 'debug', forSeconds: null }],
    ['a key that does not exist', { level: 'debug', forMinutes: 1 }],
  ])('is refused with %s', async (_, body) => {
    expect((await put(body)).status).toBe(422);
  });
});
