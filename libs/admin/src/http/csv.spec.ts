import { expect, it } from 'vitest';
import { csvLine } from './csv.js';

it('numbers and plain texts stand as they are, null is an empty cell', () => {
  expect(csvLine(['mini-clip', 12, -3, true, null])).toBe('mini-clip,12,-3,true,\r\n');
});

it('commas, quotes and line breaks are kept inside of a cell', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines'])).toBe('"a,b","say ""hi""","two\nlines"\r\n');
});

it.each(['=1+1', '+1', '-1', '@name', '\t=1', ' =1', '\r1'])('%j is no formula for a spreadsheet', (text) => {
  expect(csvLine([text])).toBe(`"'${text}"\r\n`);
});
