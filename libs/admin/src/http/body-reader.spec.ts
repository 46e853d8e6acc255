import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminUnderTest } from '../testing/admin-under-test.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const BYTES_MAX = 64 * 1024;

/** A body of this many bytes that names no field of a token. */
const bodyOf = (bytes: number): string => JSON.stringify({ more: 'x'.repeat(bytes - '{"more":""}'.length) });

describe('bodies', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    owner = await admin.browserOf(await admin.account('olga', 'owner'));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it.each([
    ['that is no JSON', JSON_TYPE, '{"name"', 422, 'close'],
    ['that is empty', JSON_TYPE, '', 422, 'close'],
    ['that reaches into prototypes', JSON_TYPE, '{"__proto__":{"name":"ci"}}', 422, 'close'],
    ['that is one byte too large', JSON_TYPE, bodyOf(BYTES_MAX + 1), 413, 'close'],
    ['that is as large as may be', JSON_TYPE, bodyOf(BYTES_MAX), 422, 'keep-alive'],
    ['of another type', { 'content-type': 'text/plain' }, 'name=ci', 415, 'keep-alive'],
    ['of a type that is none', { 'content-type': 'json' }, '{}', 415, 'keep-alive'],
  ])('%s: refused with the reason to who is let in, and only for access to who is not', async (...row) => {
    const [, type, body, status, connection] = row;
    const asOwner = await admin.call('POST', '/api/tokens', { body, headers: { ...owner, ...type } });
    const asNobody = await admin.call('POST', '/api/tokens', { body, headers: { ...type } });
    const asOther = await admin.call('POST', '/api/tokens', { body, headers: { ...type, authorization: 'nonsense' } });
    expect([asOwner.status, asNobody.status, asOther.status]).toEqual([status, 401, 401]);
    expect(asOwner.headers['connection']).toBe(connection);
  });

  it('may be left out where a route takes none', async () => {
    expect((await admin.call('DELETE', '/api/session/others', { headers: owner })).status).toBe(204);
  });
});
