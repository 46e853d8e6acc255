import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askSecret } from './ask.js';

/** A terminal whose keys the test types; notes what is shown and whether it echoes. */
function terminal() {
  const keys = new PassThrough();
  const shown: string[] = [];
  const modes: boolean[] = [];
  const stdin = Object.assign(keys, { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const stderr = { isTTY: true, write: (text: string) => shown.push(text) };
  return { keys, shown, modes, ends: { stdin, stderr } as unknown as Parameters<typeof askSecret>[0] };
}

it.each([
  ['tidal lantern\r', 'tidal lantern'],
  ['tidall\x7f\r', 'tidal'],
  ['wrong\x15right\n', 'right'],
  ['pä\u{1f511}\b\u{1f512}\r', 'pä\u{1f512}'],
])('reads the keys %j as a line that is not shown', async (typed, line) => {
  const { keys, shown, modes, ends } = terminal();
  const answer = askSecret(ends, 'Password: ');
  keys.write(typed);
  expect(await answer).toBe(line);
  expect(shown).toEqual(['Password: ', '\n']);
  expect(modes).toEqual([true, false]);
});

it('gives up at Ctrl-C, and leaves the terminal as it was', async () => {
  const { keys, modes, ends } = terminal();
  const answer = askSecret(ends, 'Password: ');
  keys.write('half\x03');
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  expect(modes).toEqual([true, false]);
});
