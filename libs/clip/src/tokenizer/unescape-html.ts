import { HTML_ENTITY_NAMES } from './html-entity-names.js';

/** Python's pattern of a character reference (`html/__init__.py`); the semicolon may be missing. */
const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;
/** ftfy's, where it may not (`ftfy/chardata.py`). */
const WHOLE_REFERENCE = /&#?[0-9A-Za-z]{1,24};/g;
/** Control characters and those that are none, which a reference must not name; C1 is looked up before. */
const INVALID = /[\x01-\x08\x0b\x0e-\x1f\x7f\p{Noncharacter_Code_Point}]/u;

interface Names {
  /** By what stands between `&` and the end of the name, with its semicolon or, for some, without. */
  readonly html5: ReadonlyMap<string, string>;
  /** Names that ftfy knows in capitals besides, such as `EACUTE;`. */
  readonly capitals: ReadonlyMap<string, string>;
}

let namesOnce: Names | undefined;

/**
 * Character references (`&amp;`, `&#39;`, also `&amp` without its semicolon) as their characters, exactly as Python's
 * `html.unescape` does, which follows HTML 5: an unknown name stays, an impossible number becomes U+FFFD or nothing.
 */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(REFERENCE, (whole, reference: string) => {
    return reference.startsWith('#') ? numbered(reference) : (named(reference) ?? whole);
  });
}

/**
 * The references that can be nothing else, as ftfy's `unescape_html` does: whole ones, and names in capitals where HTML
 * knows the small ones only.
 */
export function unescapeWholeReferences(text: string): string {
  if (!text.includes('&')) return text;
  const { html5, capitals } = names();
  return text.replaceAll(WHOLE_REFERENCE, (whole) => {
    const name = whole.slice(1);
    if (!name.startsWith('#')) return html5.get(name) ?? capitals.get(name) ?? whole;
    const unescaped = unescapeHtml(whole);
    return unescaped.includes(';') ? whole : unescaped;
  });
}

function numbered(reference: string): string {
  const digits = reference.replace(/^#[xX]?|;$/g, '');
  const point = /^#[xX]/.test(reference) ? parseInt(digits, 16) : parseInt(digits, 10);
  if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return '\ufffd';
  const character = String.fromCodePoint(point);
  return INVALID.test(character) ? '' : windows1252(character);
}

/** The longest name that `reference` begins with, and the rest of it as it is; undefined where there is none. */
function named(reference: string): string | undefined {
  const { html5 } = names();
  for (let end = reference.length; end > 1; end--) {
    const character = html5.get(reference.slice(0, end));
    if (character !== undefined) return character + reference.slice(end);
  }
  return undefined;
}

function names(): Names {
  return (namesOnce ??= readNames());
}

function readNames(): Names {
  const html5 = new Map<string, string>();
  for (const [, name = '', mark, points = ''] of HTML_ENTITY_NAMES.matchAll(/(\w+)([=!])([\da-f+]+)/g)) {
    const character = String.fromCodePoint(...points.split('+').map((point) => parseInt(point, 16)));
    html5.set(`${name};`, character);
    if (mark === '!') html5.set(name, character);
  }
  return { html5, capitals: capitalsOf(html5) };
}

/** Small names in capitals, unless HTML reads something else into them (`&GTDOT;` is `>DOT;`). */
function capitalsOf(html5: ReadonlyMap<string, string>): Map<string, string> {
  const capitals = new Map<string, string>();
  for (const [name, character] of html5) {
    const capital = name.toUpperCase();
    const isTaken = Array.from(capital, (_, at) => capital.slice(0, at + 1)).some((start) => html5.has(start));
    if (name.endsWith(';') && name === name.toLowerCase() && !isTaken) capitals.set(capital, character.toUpperCase());
  }
  return capitals;
}

/** What Windows-1252 has at 0x80 to 0x9f; five places are empty there and stay control characters. */
const UPPER = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** C1 control characters as the characters of Windows-1252 that they were meant to be, as browsers read them. */
export function windows1252(text: string): string {
  return text.replaceAll(/[\x80-\x9f]/g, (control) => UPPER.charAt(control.charCodeAt(0) - 0x80));
}
