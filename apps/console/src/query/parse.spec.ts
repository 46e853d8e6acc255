import { describe, expect, it } from 'vitest';
import { parseQuery } from './parse.js';
import { printQuery } from './print.js';
import { LANGUAGE } from './testing/language.js';

const parse = (text: string) => parseQuery(text, LANGUAGE);

describe('a query', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['model:clip', [{ key: 'model', not: false, any: ['clip'] }]],
    ['-model:clip', [{ key: 'model', not: true, any: ['clip'] }]],
    ['model:ViT-B-32::openai', [{ key: 'model', not: false, any: ['ViT-B-32::openai'] }]],
    ['model:"my model"', [{ key: 'model', not: false, any: ['my model'] }]],
    ['model:"say \\"hi\\" \\\\"', [{ key: 'model', not: false, any: ['say "hi" \\'] }]],
    ['model:(a OR "b c" OR d)', [{ key: 'model', not: false, any: ['a', 'b c', 'd'] }]],
    ['-model:( a OR b )', [{ key: 'model', not: true, any: ['a', 'b'] }]],
    ['model:(a OR a)', [{ key: 'model', not: false, any: ['a'] }]],
    ['STATUS:ok', [{ key: 'outcome', not: false, any: ['ok'] }]],
    ['duration:>50ms', [{ key: 'duration', not: false, compare: '>', value: 50 }]],
    ['duration:>=1.5s', [{ key: 'duration', not: false, compare: '>=', value: 1500 }]],
    ['duration:<250us', [{ key: 'duration', not: false, compare: '<', value: 0.25 }]],
    ['-duration:<2m', [{ key: 'duration', not: true, compare: '<', value: 120_000 }]],
    ['batch.fill:<30%', [{ key: 'batch.fill', not: false, compare: '<', value: 0.3 }]],
    ['batch.fill:<=7%', [{ key: 'batch.fill', not: false, compare: '<=', value: 0.07 }]],
    ['items:3', [{ key: 'items', not: false, compare: '=', value: 3 }]],
    ['4bf92f35', [{ key: 'id', not: false, any: ['4bf92f35'] }]],
    ['-4bf92f35', [{ key: 'id', not: true, any: ['4bf92f35'] }]],
    ['ViT-B-32::openai', [{ key: 'id', not: false, any: ['ViT-B-32::openai'] }]],
    ['"model:clip"', [{ key: 'id', not: false, any: ['model:clip'] }]],
  ])('%s is understood', (text, terms) => {
    expect(parse(text)).toEqual({ terms, problems: [] });
  });

  it('may have several terms, and newlines between them', () => {
    expect(parse('model:a\n -outcome:ok\titems:>2').terms).toHaveLength(3);
  });

  it.each([
    ['colour:red', 0, 6, 'There is no key "colour"'],
    ['x model:', 2, 8, 'A value is missing: write model:clip'],
    ['model:"open', 6, 11, 'The quote at the end is missing.'],
    ['model:""', 6, 8, 'The quotes are empty.'],
    ['model:(a OR b', 6, 7, 'The parenthesis is not closed.'],
    ['model:()', 0, 8, 'The parentheses are empty.'],
    ['model:(a b)', 9, 10, 'OR is missing before this value.'],
    ['model:(OR a)', 7, 9, 'A value is missing before OR.'],
    ['model:(a OR)', 9, 11, 'A value is missing after OR.'],
    ['model:>3', 6, 8, 'model is a text and cannot be compared.'],
    ['outcome:broken', 8, 14, 'outcome is one of ok, failed.'],
    ['outcome:(ok OR broken)', 15, 21, 'outcome is one of ok, failed.'],
    ['duration:50ms', 9, 13, 'Say whether more or less: duration:>50ms or duration:<50ms.'],
    ['duration:>50x', 9, 13, 'This is no time'],
    ['duration:>', 9, 10, 'This is no time'],
    ['duration:(>1s OR <1ms)', 0, 22, 'duration takes one comparison, no list'],
    ['batch.fill:>130%', 11, 16, 'This is no share'],
    ['items:many', 6, 10, 'This is no number'],
    ['items:>3s', 6, 9, 'This is no number'],
    ['a OR b', 2, 4, 'OR joins values of one key only'],
    ['a AND b', 2, 5, 'Leave AND out'],
    ['a )', 2, 3, '")" stands alone.'],
    ['a - b', 2, 3, '"-" stands alone.'],
  ])('%s says at %i to %i what is wrong', (text, from, to, message) => {
    const { problems } = parse(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ from, to });
    expect(problems[0]?.message).toContain(message);
  });

  it('keeps what is understood beside what is not, and each problem for itself', () => {
    const { terms, problems } = parse('model:a colour:red items:x');
    expect([terms.length, problems.length]).toEqual([1, 2]);
  });

  it('without words alone asks for a key', () => {
    const { problems } = parseQuery('abc', { fields: LANGUAGE.fields });
    expect(problems[0]?.message).toBe('A key is missing: write model:clip, for example.');
  });

  it.each([
    'model:clip -outcome:ok duration:>50ms',
    'model:(a OR "b c") -items:3 batch.fill:<0.3',
    'model:"OR" model:">5" model:"a\\"b\\\\c" model:"(x)"',
    '4bf92f35 -"model:clip" "-x" "AND"',
    'duration:>=1.5s duration:<0.25ms duration:>120s',
  ])('%s is printed so that it means the same', (text) => {
    const { terms, problems } = parse(text);
    expect(problems).toEqual([]);
    const printed = printQuery(terms, LANGUAGE);
    expect(parse(printed).terms).toEqual(terms);
    expect(printed).toBe(text);
  });

  it('of any characters ends, and each of them is in a term or a problem', () => {
    const pieces = ['model:', '(', ')', '"', 'OR', ' ', '-', ':', '>', '<=', '\\', 'a', '5ms', 'items:', '\n'];
    let seed = 7;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: 1 + (next() % 9) }, () => pieces[next() % pieces.length]).join('');
      const { terms, problems } = parse(text);
      if (text.trim() !== '') expect(terms.length + problems.length, text).toBeGreaterThan(0);
      for (const { from, to } of problems) expect(from >= 0 && to > from && from <= text.length, text).toBe(true);
      if (problems.length === 0) expect(parse(printQuery(terms, LANGUAGE)).terms, text).toEqual(terms);
    }
  });
});
