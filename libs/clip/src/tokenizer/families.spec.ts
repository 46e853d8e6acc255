import { describe, expect, it } from 'vitest';
import { openTokenizer } from './open-tokenizer.js';

const template = (before: string[], after: string[], ids: Record<string, number>) => ({
  type: 'TemplateProcessing',
  single: [
    ...before.map((id) => ({ SpecialToken: { id, type_id: 0 } })),
    { Sequence: { id: 'A', type_id: 0 } },
    ...after.map((id) => ({ SpecialToken: { id, type_id: 0 } })),
  ],
  pair: [],
  special_tokens: Object.fromEntries(
    Object.entries(ids).map(([id, value]) => [id, { id, ids: [value], tokens: [id] }]),
  ),
});

/** SentencePiece's unigram model as XLM-RoBERTa's files hold it. */
const xlmRoberta = {
  version: '1.0',
  added_tokens: ['<s>', '<pad>', '</s>', '<unk>'].map((content, id) => ({ id, content, special: true })),
  normalizer: null,
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: true, prepend_scheme: 'always' },
  post_processor: template(['<s>'], ['</s>'], { '<s>': 0, '</s>': 2 }),
  decoder: null,
  model: {
    type: 'Unigram',
    unk_id: 3,
    vocab: [
      ['<s>', 0],
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['▁', -5],
      ['▁Kat', -3],
      ['ze', -2],
      ['▁Katze', -4],
      ['n', -2],
      ['猫', -3],
    ],
  },
};

/** Gemma's byte-pair encoding, as SigLIP 2's files hold it: spaces become ▁, unknown characters their bytes. */
const gemma = {
  version: '1.0',
  added_tokens: ['<pad>', '<eos>', '<bos>', '<unk>'].map((content, id) => ({ id, content, special: true })),
  normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
  post_processor: template([], ['<eos>'], { '<eos>': 1 }),
  decoder: null,
  model: {
    type: 'BPE',
    unk_token: '<unk>',
    byte_fallback: true,
    fuse_unk: true,
    vocab: Object.fromEntries(
      ['<pad>', '<eos>', '<bos>', '<unk>', 'c', 'a', 't', '▁', 'at', 'cat', '▁a', '<0xC3>', '<0xA9>'].map(
        (token, id) => [token, id],
      ),
    ),
    merges: ['a t', 'c at', '▁ a'],
  },
};

describe('the tokenizers of the other families', () => {
  it('SentencePiece takes the likeliest pieces, the start of a word marked', () => {
    const tokenizer = openTokenizer(xlmRoberta, { padToken: '<pad>' });

    expect(tokenizer.encode('Katzen', 77)).toEqual([0, 7, 8, 2]);
    expect(tokenizer.encode('Katze 猫', 77)).toEqual([0, 7, 4, 9, 2]);
    expect(tokenizer.padId).toBe(1);
  });

  it('SentencePiece cuts a text of any length instead of overflowing the stack', () => {
    const tokenizer = openTokenizer(xlmRoberta, { padToken: '<pad>' });

    expect(tokenizer.encode('n'.repeat(500_000), 5)).toEqual([0, 4, 8, 8, 2]);
    expect(tokenizer.encode('n'.repeat(500_000), 8192)).toHaveLength(8192);
  });

  it('Gemma merges over blanks, and spells what it does not know in bytes', () => {
    const tokenizer = openTokenizer(gemma, { padToken: '<pad>', clean: 'lower' });

    expect(tokenizer.encode('CAT a', 64)).toEqual([9, 10, 1]);
    expect(tokenizer.encode('é', 64)).toEqual([11, 12, 1]);
    expect(tokenizer.padId).toBe(0);
  });

  it.each([
    ['canonicalize', '  A  cat_dog, (big)!  ', 'a cat dog big'],
    ['lower', '  A  Cat!  ', 'a cat!'],
    ['lower', 'ΣΣ \u0085 &lt;', 'σς … <'],
    ['whitespace', '  A \n Cat!  ', 'A Cat!'],
    ['whitespace', 'the ﬁsh’s &amp; CAT', "the fish's & CAT"],
  ] as const)('texts are cleaned first where the model asks for "%s"', (clean, text, plain) => {
    const vocab = Object.fromEntries(['<unk>', ...plain.split(' ')].map((word, id) => [word, id]));
    const json = {
      ...{ version: '1.0', added_tokens: [], normalizer: null, post_processor: null, decoder: null },
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model: { type: 'WordLevel', vocab, unk_token: '<unk>' },
    };
    const tokenizer = openTokenizer(json, { clean });

    expect(tokenizer.encode(text, 64)).toEqual(plain.split(' ').map((_, at) => at + 1));
  });
});
