import { describe, expect, it } from 'vitest';
import { cutText } from './cut-text.js';

describe('cutting a text to what its ids can need', () => {
  it('leaves 64 characters for each id, at least 16,384 and at most 65,536', () => {
    expect(cutText('a'.repeat(100_000), 77)).toHaveLength(16_384);
    expect(cutText('a'.repeat(100_000), 512)).toHaveLength(32_768);
    expect(cutText('a'.repeat(100_000), 8192)).toHaveLength(65_536);
    expect(cutText('a photo', 77)).toBe('a photo');
  });

  it('never ends in the middle of a character', () => {
    expect(cutText(`a${'😀'.repeat(50_000)}`, 77)).toBe(`a${'😀'.repeat(8191)}`);
    expect(cutText('😀'.repeat(50_000), 77)).toBe('😀'.repeat(8192));
  });
});
