import { describe, expect, it } from 'vitest';
import { readLimits, readModels, readScopes } from './token-columns.js';

describe('the columns of a token', () => {
  it('grant nothing for a scope that this version does not know', () => {
    expect(readScopes('["encode","dream"]')).toEqual(['encode']);
  });

  it('allow every model where there is no list, and none for an empty one', () => {
    expect(readModels(null)).toBeNull();
    expect(readModels('[]')).toEqual([]);
    expect(readModels('["mini-clip"]')).toEqual(['mini-clip']);
  });

  it('hold the limits that are set; one of a newer version is left out', () => {
    expect(readLimits('{"itemsPerDay":5,"ofANewerVersion":1}')).toEqual({ itemsPerDay: 5 });
  });

  it.each(['null', '7', '[]', '{"itemsPerDay":"5"}', '{"itemsPerDay":null}'])(
    'are not taken for a token without limits when they hold %s',
    (column) => {
      expect(() => readLimits(column)).toThrow(TypeError);
    },
  );

  it.each(['{}', '"encode"'])('are refused when a list is %s', (column) => {
    expect(() => readScopes(column)).toThrow(TypeError);
    expect(() => readModels(column)).toThrow(TypeError);
  });
});
