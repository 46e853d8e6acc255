import { describe, expect, it } from 'vitest';
import { byteSize, deviceList, listenHost, originList, wholeNumber, yesOrNo } from './kinds.js';

describe('kinds of settings', () => {
  it.each([
    ['64MiB', 64 * 2 ** 20],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['500kB', 500_000],
    ['2048', 2048],
  ])('reads the size %s as %d bytes', (text, bytes) => {
    expect(byteSize('1KiB', '4GiB').parse(text, '/')).toBe(bytes);
  });

  it.each(['64Mib.', '-1', '5GiB', '1', 'MiB', '1TB', ''])('refuses the size "%s"', (text) => {
    expect(byteSize('1KiB', '4GiB').parse(text, '/')).toBeUndefined();
  });

  it('reads whole numbers within their range only', () => {
    const kind = wholeNumber(1, 100_000_000);
    expect(['1', '50e6', '0', '1.5', '0x10', '1e9', ' '].map((text) => kind.parse(text, '/'))).toEqual([
      1,
      50_000_000,
      ...Array<undefined>(5).fill(undefined),
    ]);
  });

  it('reads true and false as YAML and shells write them', () => {
    expect(['true', 'Yes', '1', 'off', 'FALSE', 'maybe'].map((text) => yesOrNo.parse(text, '/'))).toEqual([
      true,
      true,
      true,
      false,
      false,
      undefined,
    ]);
  });

  it('reads devices and refuses the ones it does not know', () => {
    expect(deviceList.parse('cuda:0, tensorrt:1,cpu', '/')).toEqual(['cuda:0', 'tensorrt:1', 'cpu']);
    expect(['gpu', 'cuda', 'cuda:x', 'cpu,', 'cpu:0'].map((text) => deviceList.parse(text, '/'))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('reads origins exactly as browsers send them', () => {
    expect(originList.parse('*', '/')).toEqual(['*']);
    expect(originList.parse('https://a.example,http://localhost:3000', '/')).toHaveLength(2);
    expect(originList.parse('https://a.example/', '/')).toBeUndefined();
    expect(originList.parse('a.example', '/')).toBeUndefined();
  });

  it('reads addresses and host names, never URLs', () => {
    expect(['::', '10.0.0.1', 'localhost'].map((text) => listenHost.parse(text, '/'))).toEqual([
      '::',
      '10.0.0.1',
      'localhost',
    ]);
    expect(listenHost.parse('http://localhost', '/')).toBeUndefined();
  });
});
