import { characterEntities } from 'character-entities';
import { characterEntitiesLegacy } from 'character-entities-legacy';

/** Python's pattern of a character reference (`html/__init__.py`); the semicolon may be missing. */
const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;
/** ftfy's pattern (`ftfy/chardata.py`); the semicolon is required. */
const WHOLE_REFERENCE = /&#?[0-9A-Za-z]{1,24};/g;
/** Characters that a number must not name: controls (C1 is looked up before) and noncharacters. */
const INVALID = /[\x01-\x08\x0b\x0e-\x1f\x7f\p{Noncharacter_Code_Point}]/u;

interface Names {
  /** Characters by name: what stands after `&`, with its semicolon or, for 106 old names, also without. */
  readonly html5: ReadonlyMap<string, string>;
  /** Names that ftfy also reads in capitals, such as `EACUTE;`. */
  readonly capitals: ReadonlyMap<string, string>;
}

let namesOnce: Names | undefined;

/**
 * Replaces character references (`&amp;`, `&#39;`, and `&amp` without its semicolon) by their characters, exactly as
 * Python's `html.unescape` does: an unknown name stays, an impossible number becomes U+FFFD or nothing.
 *
 * Python removes references to control characters and noncharacters (`&#1;`, `&#xFDD0;`), which HTML 5 keeps. The npm
 * packages that decode HTML follow HTML 5, so only the table of names comes from a package (docs/adr/0020).
 *
 * @example
 * unescapeHtml('caf&eacute &amp; bar'); // 'café & bar'
 */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(REFERENCE, (whole, reference: string) => {
    return reference.startsWith('#') ? unescapeNumber(reference) : (unescapeName(reference) ?? whole);
  });
}

/**
 * Replaces the references that can be nothing else, as ftfy's `unescape_html` does: those with a semicolon, and names
 * in capitals where HTML has the small ones only.
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

/** Windows-1252 from 0x80 to 0x9f; its five empty places stay control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Replaces C1 control characters by the characters of Windows-1252 that were meant, as browsers do. */
export function windows1252(text: string): string {
  return text.replaceAll(/[\x80-\x9f]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
}

function unescapeNumber(reference: string): string {
  const digits = reference.replace(/^#[xX]?|;$/g, '');
  const point = /^#[xX]/.test(reference) ? parseInt(digits, 16) : parseInt(digits, 10);
  if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return '\ufffd';
  const character = String.fromCodePoint(point);
  return INVALID.test(character) ? '' : windows1252(character);
}

/** Replaces the longest name that `reference` begins with and keeps the rest; undefined when there is none. */
function unescapeName(reference: string): string | undefined {
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
  const html5 = new Map(Object.entries(characterEntities).map(([name, character]) => [`${name};`, character]));
  for (const name of characterEntitiesLegacy) html5.set(name, characterEntities[name] ?? '');
  return { html5, capitals: capitalsOf(html5) };
}

/** Puts small names into capitals, unless HTML reads something else into them (`&GTDOT;` is `>DOT;`). */
function capitalsOf(html5: ReadonlyMap<string, string>): Map<string, string> {
  const capitals = new Map<string, string>();
  for (const [name, character] of html5) {
    const capital = name.toUpperCase();
    const isTaken = Array.from(capital, (_, at) => capital.slice(0, at + 1)).some((start) => html5.has(start));
    if (name.endsWith(';') && name === name.toLowerCase() && !isTaken) capitals.set(capital, character.toUpperCase());
  }
  return capitals;
}
