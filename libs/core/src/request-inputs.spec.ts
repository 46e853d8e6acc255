import { expect, it } from 'vitest';
import { RequestInputs } from './request-inputs.js';

const text = (chars: number) => ({ kind: 'text', text: 'x'.repeat(chars) }) as const;

it('inputs of a request are held in their order', () => {
  const inputs = new RequestInputs();
  inputs.add([text(1), { kind: 'uri', uri: 'https://example.com/a.png' }]);
  inputs.add([{ kind: 'image', bytes: Uint8Array.of(1) }]);
  expect(inputs.items.map(({ kind }) => kind)).toEqual(['text', 'uri', 'image']);
});

it.each([
  ['more than 2 MiB', [text(2 * 1024 * 1024), text(1)]],
  ['more than 256 items', Array.from({ length: 257 }, () => text(1))],
  ['raw pixels', [text(1), { kind: 'pixels' as const }]],
])('of a request with %s nothing is held, whatever comes later', (_, items) => {
  const inputs = new RequestInputs();
  inputs.add(items);
  inputs.add([text(1)]);
  expect(inputs.items).toEqual([]);
});
