import { describe, expect, it } from 'vitest';
import { draftOf, NEW_RIGHTS, problemsOf, rightsOf } from './rights-draft.js';

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
});
