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

describe('a tokenizer file with a part that is not known', () => {
  const refused = (file: object) => {
    try {
      openTokenizer({ ...json, ...file });
    } catch (error) {
      return (error as Error).message;
    }
    return 'opened';
  };

  it.each([
    ['the normalizer "Magic"', { normalizer: { type: 'Magic' } }],
    ['the normalizer "Magic"', { normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Magic' }] } }],
    ['the pre-tokenizer "UnicodeScripts"', { pre_tokenizer: { type: 'UnicodeScripts' } }],
    ['the pre-tokenizer "FixedLength"', { pre_tokenizer: { type: 'FixedLength', length: 3 } }],
    ['the behavior "Sometimes"', { pre_tokenizer: { type: 'Punctuation', behavior: 'Sometimes' } }],
    ['the pattern "\\w+"', { pre_tokenizer: { type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Isolated' } }],
    ['the pattern "("', { normalizer: { type: 'Replace', pattern: { Regex: '(' }, content: '' } }],
    ['the prepend_scheme "last"', { pre_tokenizer: { type: 'Metaspace', prepend_scheme: 'last' } }],
    [
      'the prepend_scheme "first" beside',
      { pre_tokenizer: { type: 'Metaspace', prepend_scheme: 'first' }, normalizer: { type: 'Strip' } },
    ],
    ['the model "Magic"', { model: { type: 'Magic' } }],
    ['the model "BPE" with dropout "0.1"', { model: { type: 'BPE', vocab: { a: 0 }, merges: [], dropout: 0.1 } }],
    ['the post-processor "Magic"', { post_processor: { type: 'Magic' } }],
    [
      'two post-processors',
      { post_processor: { type: 'Sequence', processors: [json.post_processor, json.post_processor] } },
    ],
    ['truncation with the direction "Left"', { truncation: { direction: 'Left', max_length: 8 } }],
    ['padding with the direction "Left"', { padding: { direction: 'Left' } }],
  ])('is refused and named: %s', (part, file) => {
    expect(refused(file)).toContain(`tokenizer.json has`);
    expect(refused(file)).toContain(part);
    expect(refused(file)).toContain('Take another export');
  });

  it('is taken where the part has no say in ids of one text', () => {
    const aside = {
      decoder: { type: 'Magic' },
      truncation: { direction: 'Right', max_length: 2 },
      padding: { strategy: { Fixed: 9 } },
    };

    expect(openTokenizer({ ...json, ...aside }).encode('cat dog cats', 77)).toEqual([0, 4, 5, 4, 6, 2]);
  });

  it.each([
    ['a damaged charsmap', { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }],
    ['no vocabulary', { model: { type: 'Unigram', vocab: [] } }],
    ['a token without a score', { model: { type: 'Unigram', vocab: [['a']] } }],
    ['a merge outside', { model: { type: 'BPE', vocab: { a: 0 }, merges: ['a b'] } }],
    ['no unknown token', { model: { type: 'WordLevel', vocab: { a: 0 } } }],
  ])('that is broken is refused as well: %s', (_, file) => {
    expect(refused(file)).toContain('Put complete model files in its folder.');
  });
});
