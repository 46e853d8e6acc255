import { describe, expect, it } from 'vitest';
import { cosine, rankScores, softmax } from './similarity.js';

describe('ranking', () => {
  it('gives the softmax of the scaled cosines, which sums to 1', () => {
    const scores = rankScores(Float32Array.of(1, 0), [Float32Array.of(2, 0), Float32Array.of(0, 3)], 2);

    expect(scores.map(({ cosine: value }) => value)).toEqual([1, 0]);
    expect(scores[0]?.score).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 1), 12);
    expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 12);
  });

  it('keeps the order of the candidates, equal ones included', () => {
    const candidates = [Float32Array.of(0, 1), Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const [first, second, third] = rankScores(Float32Array.of(1, 0), candidates, 100);

    expect(first).toEqual(third);
    expect(second?.cosine).toBe(1);
  });

  it('of nothing is nothing', () => {
    expect(rankScores(Float32Array.of(1), [], 100)).toEqual([]);
  });

  it('refuses vectors of different length', () => {
    expect(() => rankScores(Float32Array.of(1), [Float32Array.of(1, 2)], 100)).toThrow(RangeError);
  });

  it('calls a vector of zeros like nothing', () => {
    expect(cosine(Float32Array.of(0, 0), Float32Array.of(1, 2))).toBe(0);
  });

  it('does not overflow on large logits', () => {
    expect(softmax([10_000, 10_000])).toEqual([0.5, 0.5]);
  });
});
