import { describe, expect, it } from 'vitest';
import { anyAddress, publicAddress } from './address-policy.js';

describe('publicAddress', () => {
  it.each(['1.1.1.1', '8.8.8.8', '93.184.216.34', '100.128.0.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450::1'])(
    'allows %s',
    (address) => {
      expect(publicAddress(address)).toBe(true);
    },
  );

  it.each(['::ffff:8.8.8.8', '64:ff9b::808:808'])('counts %s as the public IPv4 address inside', (address) => {
    expect(publicAddress(address)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['all of 127/8', '127.255.255.254'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['unique local', 'fc00::1'],
    ['metadata of AWS', 'fd00:ec2::254'],
    ['link-local, metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['carrier-grade NAT, metadata of Alibaba', '100.100.100.200'],
    ['protocol assignments, metadata of Oracle', '192.0.0.192'],
    ['host of an Azure machine', '168.63.129.16'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['benchmarking', '198.18.0.1'],
    ['benchmarking', '2001:2::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['discard', '100::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hex', '::ffff:7f00:1'],
    ['mapped metadata', '::ffff:169.254.169.254'],
    ['translated loopback', '::ffff:0:127.0.0.1'],
    ['compatible loopback', '::127.0.0.1'],
    ['NAT64 loopback', '64:ff9b::7f00:1'],
    ['NAT64 private', '64:ff9b::10.0.0.1'],
    ['local NAT64', '64:ff9b:1::808:808'],
    ['6to4 loopback', '2002:7f00:1::1'],
    ['6to4, even of a public address', '2002:808:808::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['segment routing', '5f00::1'],
    ['not given out', '4000::1'],
    ['no address', 'localhost'],
    ['nothing', ''],
  ])('refuses %s: %s', (_why, address) => {
    expect(publicAddress(address)).toBe(false);
  });
});

describe('anyAddress', () => {
  it('allows private addresses', () => {
    expect(anyAddress('127.0.0.1')).toBe(true);
  });
});
