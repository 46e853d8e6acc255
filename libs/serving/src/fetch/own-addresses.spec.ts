import { describe, expect, it } from 'vitest';
import { exceptOwnAddresses, publicAddress } from './address-policy.js';

describe('exceptOwnAddresses', () => {
  const policy = exceptOwnAddresses(publicAddress, () => ['127.0.0.1', '93.184.216.34', '2606:4700::1']);

  it.each([
    '93.184.216.34',
    '::ffff:93.184.216.34',
    '64:ff9b::5db8:d822',
    '2606:4700::1',
    '2606:4700:0:0:0:0:0:1',
    '127.0.0.1',
    'no address',
  ])('refuses %s', (address) => {
    expect(policy(address)).toBe(false);
  });

  it.each(['93.184.216.35', '2606:4700::2'])('allows %s', (address) => {
    expect(policy(address)).toBe(true);
  });

  it('refuses what this machine has', () => {
    expect(exceptOwnAddresses(() => true)('127.0.0.1')).toBe(false);
  });

  it('minds an address that comes later', () => {
    const own: string[] = [];
    const changing = exceptOwnAddresses(publicAddress, () => own);
    expect(changing('93.184.216.34')).toBe(true);
    own.push('93.184.216.34');
    expect(changing('93.184.216.34')).toBe(false);
  });
});
