import { describe, expect, it } from 'vitest';
import { changedRights, draftOf, NEW_RIGHTS, problemsOf, rebased, rightsOf } from './rights-draft.js';

describe('the rights in a form', () => {
  it('come back as they were', () => {
    const rights = { scopes: ['rank'], models: ['a'], limits: { itemsPerDay: 5 } } as const;
    expect(rightsOf(draftOf(rights))).toEqual(rights);
    expect(rightsOf(NEW_RIGHTS)).toMatchObject({ models: null, limits: {} });
  });

  it('say what is wrong with them, field by field', () => {
    expect(problemsOf(NEW_RIGHTS)).toEqual({});
    const limits = { requestsPerMinute: '0', itemsPerDay: '1.5', itemsInFlight: 'x' };
    const wrong = problemsOf({ scopes: [], isEveryModel: false, models: [], limits });
    expect(Object.keys(wrong)).toEqual(['scopes', 'models', 'requestsPerMinute', 'itemsPerDay', 'itemsInFlight']);
  });

  it('take in what somebody else changes meanwhile, and keep what was edited', () => {
    const before = { scopes: ['rank'], models: null, limits: { itemsPerDay: 5 } } as const;
    const theirs = { scopes: ['encode'], models: ['a'], limits: { itemsPerDay: 6, requestsPerMinute: 7 } } as const;
    const mine = draftOf({ ...before, limits: { itemsPerDay: 9 } });
    const both = rightsOf(rebased(mine, draftOf(before), draftOf(theirs)));
    expect(both).toEqual({ scopes: ['encode'], models: ['a'], limits: { itemsPerDay: 9, requestsPerMinute: 7 } });
    expect(changedRights(theirs, both)).toEqual({ limits: { itemsPerDay: 9, requestsPerMinute: 7 } });
    expect(changedRights(theirs, theirs)).toEqual({});
  });
});
