import { describe, expect, it } from 'vitest';
import { hostProblem, requireOneHost } from './hosts.js';

const problemOf = (rawHeaders: string[], url = '/') => hostProblem({ rawHeaders, url });

describe('hostProblem', () => {
  it.each([
    [[]],
    [['Host', '']],
    [['Host', 'clip']],
    [['host', 'my_service.ns:51000']],
    [['Host', '127.0.0.1:51000']],
    [['Host', '[::1]:51000']],
    [['Host', '[fe80::1%eth0]:51000']],
    [[':authority', 'clip.example.com', 'host', 'CLIP.example.com:443']],
    [['Accept', 'Host', 'Host', 'a', 'X-Host', 'b', 'X-Forwarded-Host', 'c']],
  ])('is none for %j', (rawHeaders) => {
    expect(problemOf(rawHeaders)).toBeUndefined();
  });

  it('is none where a whole address names the same host', () => {
    expect(problemOf(['Host', 'clip.example.com'], 'http://clip.example.com:80/health')).toBeUndefined();
    expect(problemOf([], 'http://clip.example.com/health')).toBeUndefined();
    expect(problemOf(['Host', 'clip'], '/redirect?to=http://other/')).toBeUndefined();
  });

  it.each([
    ['two of them', ['Host', 'a', 'host', 'b'], '/', 'more than one'],
    ['the same twice', ['Host', 'a', 'HOST', 'a'], '/', 'more than one'],
    ['two in one line', ['Host', 'a, b'], '/', 'no host name'],
    ['a name with a user', ['Host', 'user@a'], '/', 'no host name'],
    ['a path', ['Host', 'a/b'], '/', 'no host name'],
    ['a port that is none', ['Host', 'a:b'], '/', 'no host name'],
    ['an authority that differs', [':authority', 'a', 'host', 'b'], '/', 'two hosts'],
    ['an address that differs', ['Host', 'a'], 'http://b/', 'two hosts'],
    ['another port', ['Host', 'a:1'], 'http://a:2/', 'two hosts'],
  ])('tells of %s', (_what, rawHeaders, url, words) => {
    expect(problemOf(rawHeaders, url)).toContain(words);
    expect(() => requireOneHost({ rawHeaders, url })).toThrow(expect.objectContaining({ code: 'malformed_request' }));
  });
});
