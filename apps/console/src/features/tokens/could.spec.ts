import { describe, expect, it } from 'vitest';
import { describeRights } from './could.js';

describe('what a token could do', () => {
  it('is said of every scope, on one side or the other', () => {
    const { could, couldNot } = describeRights({ scopes: ['encode'], models: null, limits: {} });
    expect(could).toEqual(['turn texts and images into vectors', 'use every model, also those of tomorrow']);
    expect(couldNot).toHaveLength(5);
    expect(couldNot.at(-1)).toContain('administer');
  });

  it('names the models that it is limited to, and its limits', () => {
    const limits = { requestsPerMinute: 60, itemsPerDay: 10_000, itemsInFlight: 8 };
    const { could, couldNot } = describeRights({ scopes: ['rank'], models: ['a', 'b', 'c'], limits });
    expect(could).toContain('use the models a, b and c');
    expect(couldNot.slice(-4)).toEqual([
      'use any other model',
      'send more than 60 requests a minute',
      'have more than 10,000 texts and images a day',
      'have more than 8 of them worked on at a time',
    ]);
  });

  it('says nothing of models and limits where no scope uses a model', () => {
    const { could, couldNot } = describeRights({ scopes: ['admin:*'], models: ['a'], limits: { itemsPerDay: 1 } });
    expect([...could, ...couldNot].join()).not.toMatch(/model a|a day/);
  });
});
