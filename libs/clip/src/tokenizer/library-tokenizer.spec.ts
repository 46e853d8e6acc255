import { describe, expect, it } from 'vitest';
import { openTokenizer } from './open-tokenizer.js';

const json = {
  version: '1.0',
  added_tokens: [],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
      '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
    },
  },
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '<unk>',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '<s>': 0, '<pad>': 1, '</s>': 2, '<unk>': 3, cat: 4, dog: 5, '##s': 6 },
  },
};
const tokenizer = openTokenizer(json);

describe("a tokenizer that is not CLIP's", () => {
  it('is run by the library, with start and end token', () => {
    expect(tokenizer.encode('Cats dog bird', 77)).toEqual([0, 4, 6, 5, 3, 2]);
  });

  it('fills rows with the pad token of its vocabulary', () => {
    expect(tokenizer.padId).toBe(1);
  });

  it('keeps the end token when a text is cut', () => {
    expect(tokenizer.encode('cat dog cat dog cat', 4)).toEqual([0, 4, 5, 2]);
  });

  it('is cut without an end token where it adds none', () => {
    const start = { ...json.post_processor, single: json.post_processor.single.slice(0, 2) };

    expect(openTokenizer({ ...json, post_processor: start }).encode('cat dog cats', 3)).toEqual([0, 4, 5]);
    expect(openTokenizer({ ...json, post_processor: null }).encode('cat dog cats', 2)).toEqual([4, 5]);
  });

  it('that nobody knows is refused as a broken model', () => {
    expect(() => openTokenizer({ model: { type: 'Magic' } })).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
