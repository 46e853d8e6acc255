import { describe, expect, it } from 'vitest';
import { buildFetcher, buildInternetFetcher, errorOf, untilDone } from './support/fetcher.js';
import { startServer } from './support/hostile-server.js';

describe('a fetcher with default settings', () => {
  it.each([
    'file:///etc/passwd',
    'FILE:///etc/passwd',
    'file:/etc/passwd',
    'file:etc/passwd',
    ' file:///etc/passwd',
    '\u0000file:///etc/passwd',
    '/etc/passwd',
    '../../etc/passwd',
    '//169.254.169.254/latest',
    '\\\\host\\share',
    'C:\\secret.png',
    'ftp://images.test/a.png',
    'gopher://images.test/_x',
    'dict://images.test/x',
    'ldap://images.test/x',
    'sftp://images.test/x',
    'blob:http://images.test/x',
    'jar:http://images.test!/x',
    'javascript:1',
    'unix:/run/docker.sock',
    'http+unix://%2Frun%2Fdocker.sock/info',
    'http://images.test@127.0.0.1/',
    'http://127.0.0.1#@images.test/',
    'http://127.0.0.1\\@images.test/',
    'http://127.0.0.1%00.images.test/',
    'http://images.test%2f@127.0.0.1/',
    'http://images.test:80@127.0.0.1/',
    'http://127.0.0.1;@images.test/',
    'http:\\\\127.0.0.1\\',
    '\thttp://127.0.0.1/',
    'view-source:http://images.test/',
    'ws://images.test/',
    `http://images.test/${'a'.repeat(100_000)}`,
    `http://${'a.'.repeat(100_000)}test/`,
    'http://',
    'http://[::1/',
    'http://images.test:99999/',
    'http://93.184.216.34:0/',
    'http://93.184.216.34:22/',
    'https://93.184.216.34:25/',
    'http://93.184.216.34:6667/',
    'http:127.0.0.1',
    'http:/127.0.0.1',
    'http:///127.0.0.1',
    'ht\ntp://127.0.0.1/',
    'http://127.0.0.1\t/',
    '',
  ])('refuses %j', async (uri) => {
    const fetcher = buildFetcher({ resolveHost: () => Promise.resolve(['127.0.0.1']) });
    expect((await errorOf(fetcher.resolve(uri, untilDone))).code).toBe('fetch_refused');
    await fetcher.close();
  });
});

describe('an address that holds credentials', () => {
  it.each(['user@', 'user:password@', ':password@', '%75ser@'])(
    'is refused before its host is asked: %s',
    async (userInfo) => {
      const server = await startServer((_req, res) => res.end('image'), '127.0.0.1');
      const fetcher = buildInternetFetcher();
      const error = await errorOf(fetcher.resolve(`http://${userInfo}127.0.0.1:${server.port}/`, untilDone));
      expect(error.code).toBe('fetch_refused');
      expect(error.message).not.toContain(userInfo);
      expect(server.connections()).toBe(0);
      await fetcher.close();
      await server.close();
    },
  );
});
