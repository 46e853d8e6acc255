import { describe, expect, it } from 'vitest';
import { clientAddressBehind } from './client-address.js';

describe('clientAddressBehind', () => {
  const address = clientAddressBehind(['10.0.0.0/8', '::1']);

  it('believes nobody unless told', () => {
    expect(clientAddressBehind([])('10.0.0.1', '1.2.3.4')).toBe('10.0.0.1');
    expect(address('5.6.7.8', '1.2.3.4')).toBe('5.6.7.8');
  });

  it.each([
    ['10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['::1', '1.2.3.4', '1.2.3.4'],
    ['::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['10.0.0.1', '9.9.9.9, 1.2.3.4, 10.2.2.2', '1.2.3.4'],
  ])('from %s with %j takes %s: the last that no trusted proxy is', (peer, forwarded, expected) => {
    expect(address(peer, forwarded)).toBe(expected);
  });

  it('stops at what is no address', () => {
    expect(address('10.0.0.1', 'evil\n, unknown')).toBe('10.0.0.1');
    expect(address('10.0.0.1', undefined)).toBe('10.0.0.1');
    expect(address(undefined, '1.2.3.4')).toBe('unknown');
  });
});
