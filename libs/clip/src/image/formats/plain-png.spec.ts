import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainPng } from './plain-png.js';

const file = (name: string): Buffer => readFileSync(`test/reference/images/files/${name}.png`);

describe('a PNG for libpng', () => {
  it('is answered as it is when it has no flaw, without a copy', () => {
    const png = file('png-rgb');

    expect(plainPng(png)).toBe(png);
  });

  it('gets its checksum set right, in a copy', () => {
    const flawed = file('png-wrong-checksum');
    const before = Buffer.from(flawed);

    const plain = Buffer.from(plainPng(flawed));

    expect(plain.length).toBe(flawed.length);
    expect(plain.equals(before)).toBe(false);
    expect(flawed.equals(before)).toBe(true);
  });

  it('loses chunks that nobody knows but that are called critical', () => {
    expect(Buffer.from(plainPng(file('png-unknown-critical'))).includes('ABCD')).toBe(false);
  });

  it('may end anywhere', () => {
    const png = file('png-unknown-critical');

    for (let length = 0; length < png.length; length += 7) {
      expect(plainPng(png.subarray(0, length)).length).toBeLessThanOrEqual(length + 8);
    }
  });
});
