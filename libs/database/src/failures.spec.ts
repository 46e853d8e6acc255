import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { QueryFailedError } from 'typeorm';
import { databaseFailure } from './failures.js';

describe('databaseFailure', () => {
  it.each([
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a name that is not found', { code: 'ENOTFOUND' }],
    ['a missing Unix socket', { code: 'ENOENT', syscall: 'connect' }],
    ['a server that shuts down', { code: '57P01' }],
    ['too many connections', { code: '53300' }],
    ['a password that was changed', { code: '28P01' }],
    ['a standby after a failover', { code: '25006' }],
    ['a deadlock', { code: '40P01' }],
    ['a SQLite lock', { code: 'SQLITE_BUSY_SNAPSHOT' }],
    ['a full disk', { code: 'SQLITE_FULL' }],
  ])('is unavailable, to be tried again after a second, for %s', (_, properties) => {
    const expected = { code: 'unavailable', retryAfterMs: 1000, internal: 'database: the reason' };
    for (const thrown of [driverError(properties), new QueryFailedError('SELECT 1', [], driverError(properties))]) {
      expect(databaseFailure(thrown)).toMatchObject(expected);
    }
  });

  it('looks into the error of an address with two families', () => {
    const thrown = new AggregateError([driverError({ code: 'ECONNREFUSED' }), driverError({ code: 'ECONNREFUSED' })]);
    expect(databaseFailure(thrown)).toMatchObject({
      code: 'unavailable',
      internal: 'database: the reason; the reason',
    });
  });

  it.each([
    new DomainError('conflict', 'The name is taken.'),
    new RangeError('a fault'),
    driverError({ code: 'ENOENT' }),
  ])('leaves %s alone', (thrown) => {
    expect(databaseFailure(thrown)).toBe(thrown);
  });

  it("is the caller's mistake for a text that PostgreSQL cannot hold", () => {
    const thrown = new QueryFailedError('SELECT $1', ['\0'], driverError({ code: '22021' }));
    expect(databaseFailure(thrown)).toMatchObject({ code: 'invalid_argument' });
  });

  it('drops the values that a failed statement was given', () => {
    const thrown = new QueryFailedError('SELECT $1', ['s3cret'], driverError({ code: '42601', detail: 's3cret' }));
    const failure = databaseFailure(thrown);
    expect(failure).toMatchObject({ query: 'SELECT $1', driverError: { code: '42601' }, message: 'the reason' });
    expect(JSON.stringify(failure)).not.toContain('s3cret');
  });
});

function driverError(properties: Record<string, string>): Error {
  return Object.assign(new Error('the reason'), properties);
}
