import { type Fields, fieldsOf } from '../files/json-fields.js';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { patternOf, WHITE_SPACE, WORD } from './rust-pattern.js';
import { SPLIT_BEHAVIORS, type SplitBehavior, splitText } from './split-text.js';
import { quoted, unlikeReference } from './unlike-reference.js';

/**
 * Splits a text into the words that the model encodes one by one. `isFirst` tells that it is the beginning of the
 * caller's text.
 */
export type PreTokenizer = (text: string, isFirst: boolean) => string[];

/**
 * Makes the `pre_tokenizer` of a `tokenizer.json`, equal to that of Rust's `tokenizers` (`pre_tokenizers/*.rs`). Throws
 * `unavailable` for an unknown one.
 *
 * @example
 * preTokenizerOf({ type: 'Whitespace' })('a cat!', true); // ['a', 'cat', '!']
 */
export function preTokenizerOf(value: unknown): PreTokenizer {
  if (value === null || value === undefined) return (text) => [text];
  const config = fieldsOf(value);
  const make = KINDS[String(config['type'])];
  if (!make) throw unlikeReference(`the pre-tokenizer ${quoted(config['type'])}`, 'an unknown type');
  return make(config);
}

/** Tells whether a pre-tokenizer, or one inside it, marks the first word only. */
export function marksFirstWord(value: unknown): boolean {
  const config = fieldsOf(value);
  const inner = config['pretokenizers'];
  return Array.isArray(inner) ? inner.some(marksFirstWord) : config['prepend_scheme'] === 'first';
}

/** Rust's `char::is_ascii_punctuation`, and Unicode's categories P*. */
const PUNCTUATION = '[!-/:-@[-`{-~\\p{P}]';
const GPT2_WORD = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${WHITE_SPACE}\\p{L}\\p{N}]+|` +
    `${WHITE_SPACE}+(?!\\P{White_Space})|${WHITE_SPACE}+`,
  'gu',
);

const utf8 = new TextEncoder();

const KINDS: Readonly<Record<string, (config: Fields) => PreTokenizer>> = {
  Sequence: ({ pretokenizers }) => {
    const steps = (Array.isArray(pretokenizers) ? pretokenizers : []).map(preTokenizerOf);
    return (text, isFirst) =>
      steps.reduce(
        (words, step) => words.flatMap((word, at) => step(word, isFirst && at === 0).filter(Boolean)),
        [text],
      );
  },
  Whitespace: () => splitter(new RegExp(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`, 'gu'), 'Removed', true),
  WhitespaceSplit: () => splitter(new RegExp(WHITE_SPACE, 'gu'), 'Removed'),
  BertPreTokenizer: () => {
    const blank = splitter(new RegExp(WHITE_SPACE, 'gu'), 'Removed');
    const mark = splitter(new RegExp(PUNCTUATION, 'gu'), 'Isolated');
    return (text, isFirst) => blank(text, isFirst).flatMap((word) => mark(word, isFirst));
  },
  Punctuation: ({ behavior }) =>
    splitter(new RegExp(PUNCTUATION, 'gu'), behaviorOf(behavior ?? 'Isolated', 'Punctuation')),
  Digits: ({ individual_digits }) => splitter(/\p{N}/gu, individual_digits === true ? 'Isolated' : 'Contiguous'),
  CharDelimiterSplit: ({ delimiter }) =>
    splitter(patternOf({ String: delimiter }, 'the pre-tokenizer "CharDelimiterSplit"'), 'Removed'),
  Split: ({ pattern, behavior, invert }) =>
    splitter(patternOf(pattern, 'the pre-tokenizer "Split"'), behaviorOf(behavior, 'Split'), invert === true),
  ByteLevel: byteLevel,
  Metaspace: metaspace,
};

function splitter(pattern: RegExp, behavior: SplitBehavior, invert = false): PreTokenizer {
  return (text) => splitText(text, pattern, behavior, invert);
}

function behaviorOf(value: unknown, type: string): SplitBehavior {
  const known = SPLIT_BEHAVIORS.find((behavior) => behavior === value);
  if (known) return known;
  throw unlikeReference(`the pre-tokenizer "${type}" with the behavior ${quoted(value)}`, 'an unknown behavior');
}

/** Splits into GPT-2's words and writes their bytes as printable characters. */
function byteLevel({ add_prefix_space, use_regex }: Fields): PreTokenizer {
  return (text) => {
    const begun = add_prefix_space !== false && !text.startsWith(' ') ? ` ${text}` : text;
    const words = use_regex === false ? [begun] : splitText(begun, GPT2_WORD, 'Isolated');
    return words.map((word) => Array.from(utf8.encode(word), (byte) => BYTE_CHARACTERS[byte]).join(''));
  };
}

/** Splits into SentencePiece's words: blanks become ▁, and each word keeps the one before it. */
function metaspace({ replacement, prepend_scheme, add_prefix_space, split }: Fields): PreTokenizer {
  const mark = typeof replacement === 'string' ? replacement : '▁';
  const scheme = prepend_scheme ?? 'always';
  if (!['always', 'first', 'never'].includes(String(scheme)) || (add_prefix_space === false && scheme !== 'never')) {
    throw unlikeReference(
      `the pre-tokenizer "Metaspace" with the prepend_scheme ${quoted(scheme)}`,
      'an unknown scheme',
    );
  }
  const marks = patternOf({ String: mark }, 'the pre-tokenizer "Metaspace"');
  return (text, isFirst) => {
    const marked = text.replaceAll(' ', () => mark);
    const isBegun = marked.startsWith(mark) || scheme === 'never' || (scheme === 'first' && !isFirst);
    const begun = isBegun ? marked : mark + marked;
    return split === false ? [begun] : splitText(begun, marks, 'MergedWithNext');
  };
}
