import { expect, it } from 'vitest';
import { readTokenizerName } from './tokenizer-name.js';

it('names the tokenizer of a model by its file, and fails where there is none', async () => {
  expect(await readTokenizerName('models/mini-clip')).toBe('CLIP byte-pair encoding');
  await expect(readTokenizerName('models/nowhere')).rejects.toMatchObject({ code: 'unavailable' });
});
