import { describe, expect, it } from 'vitest';
import { Database } from './database.js';
import { locate } from './location.js';

describe('locate', () => {
  it('is SQLite in the data folder without a URL, also for an empty variable', () => {
    const expected = { dialect: 'sqlite', file: '/srv/cas/cas.sqlite' };
    expect(locate({ dataDir: '/srv/cas' })).toMatchObject(expected);
    expect(locate({ url: '', dataDir: '/srv/cas' })).toMatchObject(expected);
  });

  it.each([
    'postgres://cas:s3cret@db:5432/cas?sslmode=verify-full',
    'postgresql://cas:s3cret@db:5432/cas',
    'postgres://cas:s3cret%2F%40%23%3F@db:5432/cas?application_name=cas%40pod',
  ])('shows %s without its password', (url) => {
    expect(locate({ url, dataDir: '' })).toMatchObject({ url, shown: 'postgres://cas@db:5432/cas' });
  });

  it.each([
    'mysql://cas:s3cret@db/cas',
    'sqlite:///s3cret',
    'http://s3cret',
    's3cret',
    'postgres://cas:s3cret#/@db/cas',
    'postgres://cas:2024/s3cret@db/cas',
    'postgres://cas:2024#s3cret@db/cas',
    'postgres://cas:2024?s3cret@db/cas',
    'postgres://cas:pass@s3cret/word@db/cas',
    'postgres://cas:pass@s3cret?word@db/cas',
    'postgres://cas:pass@word/s3cret/db',
    'postgres:cas:s3cret@db/cas',
  ])('refuses %s and does not repeat it', async (url) => {
    const opened = Database.open({ url, dataDir: '' });
    await expect(opened).rejects.toMatchObject({ code: 'invalid_argument', message: /^CAS_DATABASE_URL/ });
    await expect(opened).rejects.not.toThrow('s3cret');
  });
});
