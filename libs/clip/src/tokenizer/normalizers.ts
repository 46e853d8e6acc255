import { type Fields, fieldsOf } from '../files/json-fields.js';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { PrecompiledCharsmap } from './precompiled-charsmap.js';
import { patternOf, WHITE_SPACE } from './rust-pattern.js';
import { quoted, unlikeReference } from './unlike-reference.js';

/** Converts a text to the form that the model's vocabulary was made of. */
export type Normalizer = (text: string) => string;

/**
 * Makes the `normalizer` of a `tokenizer.json`, equal to that of Rust's `tokenizers` (`normalizers/*.rs`). Throws
 * `unavailable` for an unknown one.
 *
 * @example
 * normalizerOf({ type: 'Lowercase' })('Cat'); // 'cat'
 */
export function normalizerOf(value: unknown): Normalizer {
  if (value === null || value === undefined) return (text) => text;
  const config = fieldsOf(value);
  const make = KINDS[String(config['type'])];
  if (!make) throw unlikeReference(`the normalizer ${quoted(config['type'])}`, 'an unknown type');
  return make(config);
}

/** Tells whether a normalizer, or one inside it, may remove the beginning of a text. */
export function mayDropBeginning(value: unknown): boolean {
  const config = fieldsOf(value);
  const inner = config['normalizers'];
  if (Array.isArray(inner)) return inner.some(mayDropBeginning);
  return ['Strip', 'StripAccents', 'BertNormalizer', 'Nmt', 'Precompiled'].includes(String(config['type']));
}

const utf8 = new TextEncoder();

const KINDS: Readonly<Record<string, (config: Fields) => Normalizer>> = {
  Sequence: ({ normalizers }) => {
    const steps = (Array.isArray(normalizers) ? normalizers : []).map(normalizerOf);
    return (text) => steps.reduce((made, step) => step(made), text);
  },
  NFC: () => (text) => text.normalize('NFC'),
  NFD: () => (text) => text.normalize('NFD'),
  NFKC: () => (text) => text.normalize('NFKC'),
  NFKD: () => (text) => text.normalize('NFKD'),
  Lowercase: () => lowercase,
  Strip: ({ strip_left, strip_right }) => {
    const ends = [
      strip_left !== false ? `^${WHITE_SPACE}+` : [],
      strip_right !== false ? `(?<!${WHITE_SPACE})${WHITE_SPACE}+$` : [],
    ];
    const pattern = new RegExp(ends.flat().join('|') || '(?!)', 'gu');
    return (text) => text.replaceAll(pattern, '');
  },
  StripAccents: () => (text) => text.replaceAll(/\p{M}/gu, ''),
  Replace: ({ pattern, content }) => {
    const found = patternOf(pattern, 'the normalizer "Replace"');
    const replacement = typeof content === 'string' ? content : '';
    return (text) => text.replaceAll(found, () => replacement);
  },
  Prepend: ({ prepend }) => {
    const before = typeof prepend === 'string' ? prepend : '';
    return (text) => (text === '' ? '' : before + text);
  },
  Nmt: () => (text) => text.replaceAll(NMT_DROPPED, '').replaceAll(NMT_BLANK, ' '),
  ByteLevel: () => (text) => Array.from(utf8.encode(text), (byte) => BYTE_CHARACTERS[byte]).join(''),
  Precompiled: ({ precompiled_charsmap }) => {
    const charsmap = new PrecompiledCharsmap(precompiled_charsmap);
    return (text) => charsmap.normalize(text);
  },
  BertNormalizer: bertNormalizer,
};

const NMT_DROPPED = /[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/g;
const NMT_BLANK = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;
/** Rust's blocks, with its mistake: Extension E begins at 2B920 instead of 2B820. */
const CHINESE =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const BERT_DROPPED = /[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;
const BERT_BLANK = new RegExp(WHITE_SPACE, 'gu');

function bertNormalizer({ clean_text, handle_chinese_chars, strip_accents, lowercase: lowers }: Fields): Normalizer {
  const steps: Normalizer[] = [];
  if (clean_text !== false) steps.push((text) => text.replaceAll(BERT_DROPPED, '').replaceAll(BERT_BLANK, ' '));
  if (handle_chinese_chars !== false) steps.push((text) => text.replaceAll(CHINESE, ' $& '));
  if (strip_accents ?? lowers !== false) steps.push((text) => text.normalize('NFD').replaceAll(/\p{Mn}/gu, ''));
  if (lowers !== false) steps.push(lowercase);
  return (text) => steps.reduce((made, step) => step(made), text);
}

/** Lowers character by character, as Rust does, so that a Greek sigma at the end of a word is an ordinary one. */
function lowercase(text: string): string {
  return text.includes('Σ') ? Array.from(text, (character) => character.toLowerCase()).join('') : text.toLowerCase();
}
