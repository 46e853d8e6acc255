import { describe, expect, it } from 'vitest';
import { columnsOf, expiryOf } from './token-spec.js';

describe('the spec of a token', () => {
  it.each([
    ['an empty name', { name: '  ' }, 'name'],
    ['a long name', { name: 'x'.repeat(101) }, 'name'],
    ['a name with a line break', { name: 'a\nb' }, 'name'],
    ['a name that turns text round', { name: 'a\u202eb' }, 'name'],
    ['no scope', { scopes: [] }, 'at least one scope'],
    ['an unknown scope', { scopes: ['encode', 'root'] }, 'no such scope'],
    ['a limit of none', { limits: { itemsPerDay: 0 } }, 'limit'],
    ['a part of a limit', { limits: { itemsPerDay: 1.5 } }, 'limit'],
    ['an unknown limit', { limits: { perYear: 1 } }, 'no such limit'],
    ['no models', { models: [] }, 'models'],
    ['a model with a space', { models: ['a b'] }, 'models'],
  ])('may not be %s; the error says what is allowed', (_what, spec: object, text) => {
    expect(() => columnsOf({ name: 'ci', ...spec })).toThrow(new RegExp(text, 'i'));
  });

  it.each([0, -1, 1.5, 3651, Number.NaN])('may not be %d days', (days) => {
    expect(() => expiryOf(days, 0)).toThrow('whole number from 1 to 3650');
  });

  it('are stored trimmed, in one order and once', () => {
    const columns = columnsOf({ name: ' ci ', scopes: ['rank', 'encode', 'rank'], models: ['m', 'm'] });
    expect(columns).toEqual({
      name: 'ci',
      scopes: '["encode","rank"]',
      models: '["m"]',
      limits: '{}',
      storesInputs: null,
    });
  });
});
