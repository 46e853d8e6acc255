import { expect, it } from 'vitest';
import { linesIn } from './text-lines.js';

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

it.each([
  [['a\nb\n'], ['a', 'b']],
  [
    ['a', 'b\nc', '\nd'],
    ['ab', 'c', 'd'],
  ],
  [['\n\n'], ['', '']],
  [[], []],
])('splits the pieces %j into the lines %j', async (texts, lines) => {
  const found: string[] = [];
  for await (const line of linesIn(pieces(...texts))) found.push(line);
  expect(found).toEqual(lines);
});
