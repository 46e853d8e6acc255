import { canonicalJson } from './canonical-json.js';

/** Most characters (UTF-16 code units) of `before` or `after`. */
export const VALUE_CHARS_MAX = 16_384;

const CUT_CHARS = VALUE_CHARS_MAX / 4;

/**
 * A value as an event keeps it: its canonical JSON; null for none. One that is longer than VALUE_CHARS_MAX is kept as
 * `{"chars": <its length>, "cut": "<its first 4096 characters>"}`.
 */
export function valueText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = canonicalJson(value);
  if (text.length <= VALUE_CHARS_MAX) return text;
  return canonicalJson({ cut: text.slice(0, CUT_CHARS), chars: text.length });
}

/**
 * A name or id as an event keeps it: at most so long, and without what a database would refuse (NUL) or change (half a character),
 * since the hash is taken before it is stored.
 */
export function plainText(text: string, charsMax: number): string {
  return text.slice(0, charsMax).toWellFormed().replaceAll('\0', '\u{fffd}');
}
