import { expect, it } from 'vitest';
import { canonicalJson } from './audit-record.js';

it('gives equal values equal texts, in whatever order their keys came', () => {
  expect(canonicalJson({ b: 1, a: { d: [2, { f: 3, e: null }], c: 'é' } })).toBe(
    '{"a":{"c":"é","d":[2,{"e":null,"f":3}]},"b":1}',
  );
});

it('orders keys by their UTF-16 code units, also those that look like numbers', () => {
  expect(canonicalJson({ 9: 1, 10: 2, Z: 3, a: 4 })).toBe('{"10":2,"9":1,"Z":3,"a":4}');
});

it('leaves out what JSON cannot say', () => {
  expect(canonicalJson({ a: undefined, b: () => 1, c: new Date(0) })).toBe('{"c":"1970-01-01T00:00:00.000Z"}');
});

it('says that undefined is no JSON', () => {
  expect(() => canonicalJson(undefined)).toThrow(TypeError);
});
