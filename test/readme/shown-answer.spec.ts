import { describe, expect, it } from 'vitest';
import { differenceFrom } from './support/shown-answer.js';

describe('the comparison of an answer with the one that a page shows', () => {
  it('lets white space and what "…" leaves out differ', () => {
    expect(differenceFrom('{"a": 1, "b": [2, …]}', '{"a":1,"b":[2,3,4]}')).toBeUndefined();
  });

  it('lets a number differ in its last digit only', () => {
    expect(differenceFrom('{"score": 0.123}', '{"score":0.12481}')).toBeUndefined();
    expect(differenceFrom('{"score": 0.123}', '{"score":0.1261}')).toContain('0.123 is shown');
    expect(differenceFrom('{"index": 1}', '{"index":2}')).toContain('1 is shown');
  });

  it('finds another word, another order and what is missing', () => {
    expect(differenceFrom('["cat", "dog"]', '["dog","cat"]')).toContain('expected');
    expect(differenceFrom('["cat"]', '["cat","dog"]')).toContain('expected');
    expect(differenceFrom('["cat"]', '')).toContain('expected');
  });
});
