import { describe, expect, it } from 'vitest';
import { cosineOf, sharesOf, vectorOf } from './vectors.js';

describe('vectors', () => {
  it('come as base64 of float32', () => {
    expect([...vectorOf(Buffer.from(Float32Array.of(1, -0.5).buffer).toString('base64'))]).toEqual([1, -0.5]);
  });

  it('have a cosine, which is 0 for one without length', () => {
    expect(cosineOf(Float32Array.of(1, 1), Float32Array.of(2, 2))).toBeCloseTo(1, 6);
    expect(cosineOf(Float32Array.of(1, 0), Float32Array.of(0, 3))).toBe(0);
    expect(cosineOf(Float32Array.of(0, 0), Float32Array.of(1, 0))).toBe(0);
  });

  it('have shares that sum to 1, however large the scale', () => {
    const shares = sharesOf([0.3, 0.2, 0.1], 10_000);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
    expect(shares[0]).toBeCloseTo(1, 6);
  });
});
