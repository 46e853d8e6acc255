import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mintToken } from '#auth';
import { parseAdminUrl } from './admin-client.js';
import { CredentialStore } from './credentials.js';
import { serverOf } from './open-backend.js';

const STORED = { url: 'https://stored.example.com', token: mintToken().token };
const token = mintToken().token;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cas-home-'));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

describe('where the commands work', () => {
  it('is this host, unless something else is said', () => {
    expect(serverOf({}, { HOME: home })).toBeUndefined();
  });

  it('is where the log-in leads', () => {
    new CredentialStore({ HOME: home }).write(STORED);
    expect(serverOf({}, { HOME: home })).toEqual(STORED);
    expect(serverOf({ local: true }, { HOME: home })).toBeUndefined();
  });

  it('is the URL of the option before that of the environment before that of the log-in', () => {
    new CredentialStore({ HOME: home }).write(STORED);
    const env = { HOME: home, CAS_CLI_URL: 'https://env.example.com/', CAS_CLI_TOKEN: `${token}\n` };
    expect(serverOf({}, env)).toEqual({ url: 'https://env.example.com', token });
    expect(serverOf({ url: 'https://named.example.com/cas/' }, env)).toEqual({
      url: 'https://named.example.com/cas',
      token,
    });
  });

  it('never sends the token of a log-in to another URL', () => {
    new CredentialStore({ HOME: home }).write(STORED);
    expect(() => serverOf({ url: 'https://other.example.com' }, { HOME: home })).toThrow('no log-in');
    expect(serverOf({ url: 'https://stored.example.com/' }, { HOME: home })).toEqual(STORED);
  });

  it('refuses a token without a URL, and text that is no token without repeating it', () => {
    expect(() => serverOf({}, { HOME: home, CAS_CLI_TOKEN: token })).toThrow('CAS_CLI_URL');
    const url = 'https://named.example.com';
    expect(() => serverOf({ url }, { HOME: home, CAS_CLI_TOKEN: 'planted-secret' })).toThrow(/^(?!.*planted)/);
  });

  it.each(['example.com', 'ftp://example.com', 'https://ann:secret@example.com'])('is no URL like %s', (text) => {
    expect(() => parseAdminUrl(text)).toThrow('must be that of an admin API');
  });
});
