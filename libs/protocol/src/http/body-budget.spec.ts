import { describe, expect, it } from 'vitest';
import { BodyBudget } from './body-budget.js';

describe('BodyBudget', () => {
  it('refuses bytes beyond the bound with a time to come back', () => {
    const budget = new BodyBudget(10);
    budget.take(6);
    expect(() => budget.take(5)).toThrow(expect.objectContaining({ code: 'queue_full', retryAfterMs: 1_000 }));
    budget.take(4);
  });

  it('has room again for what was given back', () => {
    const budget = new BodyBudget(10);
    budget.take(10);
    budget.giveBack(10);
    expect(() => budget.take(10)).not.toThrow();
  });

  it('lets a lone body in, however large: its own limit bounds it', () => {
    expect(() => new BodyBudget(10).take(1_000)).not.toThrow();
  });
});
