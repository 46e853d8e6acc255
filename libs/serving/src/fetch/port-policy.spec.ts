import { describe, expect, it } from 'vitest';
import { mayUsePort } from './address-policy.js';

describe('mayUsePort', () => {
  it.each(['http://a.test/', 'http://a.test:80/', 'https://a.test/', 'https://a.test:8443/', 'http://a.test:51000/'])(
    'allows %s',
    (address) => {
      expect(mayUsePort(new URL(address))).toBe(true);
    },
  );

  it.each([
    'http://a.test:0/',
    'http://a.test:22/',
    'https://a.test:25/',
    'http://a.test:0025/',
    'http://a.test:6667/',
  ])('refuses %s', (address) => {
    expect(mayUsePort(new URL(address))).toBe(false);
  });
});
