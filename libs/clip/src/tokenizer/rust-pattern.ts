import { toRegExp } from 'oniguruma-to-es';
import { type Fields, fieldsOf } from '../files/json-fields.js';
import { quoted, unlikeReference } from './unlike-reference.js';

/** Rust's `char::is_whitespace`; JavaScript's `\s` has U+FEFF and lacks U+0085. */
export const WHITE_SPACE = '\\p{White_Space}';
/** What `\w` is in Rust's `regex`. */
export const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

/** Oniguruma counts ½ and ² to words or not, by whether the class stands in brackets. */
const WORD_CLASS = /\\(?:[wWbB]|p\{\^?word\})|\[:\^?word:\]/i;

/**
 * The pattern of a `Split` or a `Replace`: `{"String": …}` as it is, `{"Regex": …}` in the syntax of Oniguruma, which
 * the Rust library runs. Global. Throws `unavailable` for what cannot be said in JavaScript.
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
 * Undefined for what cannot be translated, or only with the flag `i` for the whole. With the flag `v`, V8 13.6 (Node
 * 24) has a `(?i:…)` make `\p{Lu}` outside of it match small letters too; with `u` it does not.
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
