import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it.each([
    ['normalise', 'normalize'],
    ['inputs', 'input'],
    ['modle', 'model'],
  ])('takes %s for %s', (written, meant) => {
    expect(nearest(written, ['input', 'model', 'normalize', 'encoding_format'])).toBe(meant);
  });

  it('has no guess for a word that is like none', () => {
    expect(nearest('temperature', ['input', 'model'])).toBeUndefined();
  });
});
