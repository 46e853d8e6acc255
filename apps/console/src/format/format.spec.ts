import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatCount, formatDuration, formatShare, formatShort } from './format.js';

describe('numbers for people', () => {
  it.each([
    [0.25, '250 µs'],
    [12.34, '12.3 ms'],
    [850, '850 ms'],
    [1250, '1.25 s'],
    [10_000, '10 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [5 * 86_400_000, '5 days'],
  ])('write %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [1536, '1.5 KiB'],
    [16 * 1024 * 1024, '16 MiB'],
  ])('write %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('group thousands, and shorten where there is no room', () => {
    expect(formatCount(12_345)).toBe('12,345');
    expect(formatShort(1_250_000)).toBe('1.3M');
    expect(formatShare(0.975)).toBe('98 %');
    expect(formatShare(0.012)).toBe('1.2 %');
  });

  it('tell how long ago something was, or in how long it will be', () => {
    expect(formatAgo(1_000, 2_000)).toBe('now');
    expect(formatAgo(0, 180_000)).toBe('3 minutes ago');
    expect(formatAgo(0, 180_000, 'narrow')).toBe('3m ago');
    expect(formatAgo(2 * 86_400_000, 0)).toBe('in 2 days');
  });
});
