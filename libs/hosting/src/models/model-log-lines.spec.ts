import { ManualClock } from '#core';
import { expect, it } from 'vitest';
import { ModelLogLines } from './model-log-lines.js';

it('keeps the last 30 lines of each model, short ones, and forgets the models that were silent for longest', () => {
  const lines = new ModelLogLines(new ManualClock());
  const say = (model: string, text: string) => lines.note({ level: 'warn', model, replica: `${model}/0`, text });
  for (let n = 0; n < 40; n += 1) say('a', `line ${n}`);
  say('a', 'x'.repeat(1_000));
  expect(lines.of('a')).toHaveLength(30);
  expect(lines.of('a').at(-2)).toMatchObject({ level: 'warn', replica: 'a/0', text: 'line 39' });
  expect(lines.of('a').at(-1)?.text).toHaveLength(400);
  for (let n = 0; n < 64; n += 1) say(`model-${n}`, 'ready');
  expect([lines.of('a').length, lines.of('model-0').length]).toEqual([0, 1]);
});
