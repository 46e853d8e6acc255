import { toRegExp } from 'oniguruma-to-es';
import { type Fields, fieldsOf } from '../files/json-fields.js';
import { quoted, unlikeReference } from './unlike-reference.js';

/** The class of Rust's `char::is_whitespace`; JavaScript's `\s` has U+FEFF and lacks U+0085. */
export const WHITE_SPACE = '\\p{White_Space}';
/** The class of `\w` in Rust's `regex`. */
export const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

/** Oniguruma counts ½ and ² as word characters or not, depending on whether the class is in brackets. */
const WORD_CLASS = /\\(?:[wWbB]|p\{\^?word\})|\[:\^?word:\]/i;

/**
 * Translates the pattern of a `Split` or a `Replace` to a global RegExp: `{"String": …}` literally, `{"Regex": …}` from
 * the syntax of Oniguruma, which the Rust library uses. `part` names the place in errors. Throws `unavailable` for a
 * pattern that JavaScript cannot express.
 *
 * @example
 * patternOf({ String: ' ' }, 'the normalizer "Replace"'); // / /gu
 */
export function patternOf(value: unknown, part: string): RegExp {
  const pattern: Fields = fieldsOf(value);
  const { String: plain, Regex: regex } = pattern;
  if (typeof plain === 'string' && plain !== '')
    return new RegExp(plain.replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&'), 'gu');
  const translated = typeof regex === 'string' && !WORD_CLASS.test(regex) ? translate(regex) : undefined;
  if (translated) return translated;
  throw unlikeReference(`${part} with the pattern ${quoted(regex ?? value)}`, 'it cannot be carried out exactly');
}

/**
 * Returns undefined for what cannot be translated, or only with the flag `i` for the whole. With the flag `v` a
 * `(?i:…)` makes `\p{Lu}` outside of it match small letters too in V8 13.6 (Node 24); with `u` it does not.
 */
function translate(regex: string): RegExp | undefined {
  try {
    const made = toRegExp(regex, { global: true, accuracy: 'strict', target: 'ES2025' });
    if (made.ignoreCase) return undefined;
    return /\(\?[a-z-]*i[a-z-]*:/.test(made.source) ? new RegExp(made.source, 'gu') : made;
  } catch {
    return undefined;
  }
}
