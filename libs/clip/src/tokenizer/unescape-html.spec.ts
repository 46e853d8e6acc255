import { describe, expect, it } from 'vitest';
import { unescapeHtml } from './unescape-html.js';

describe('character references, as html.unescape of Python 3 reads them', () => {
  it.each([
    ['names, with a semicolon or, of the old ones, without', '&amp;&amp &eacute;&eacuteb', '&& ééb'],
    ['the longest name that fits', '&notin; &notit; &not=', '∉ ¬it; ¬='],
    ['names of two characters', '&NotEqualTilde; &fjlig;', '≂̸ fj'],
    ['unknown names, which stay', '&unknown; &; &#; &#x;', '&unknown; &; &#; &#x;'],
    ['numbers, decimal and hexadecimal', '&#233;&#xe9;&#XE9', 'ééé'],
    ['numbers of Windows-1252', '&#x80;&#153;', '€™'],
    ['numbers that no character has', '&#0; &#xD800; &#x110000; &#99999999999;', '\ufffd \ufffd \ufffd \ufffd'],
    ['control characters and noncharacters, which go', 'a&#1;b&#11;c&#x7f;d&#xFDD0;e&#xFFFF;', 'abcde'],
    ['white space, which stays', '&#9;&#10;&#12;&#13;', '\t\n\f\r'],
    ['what was escaped twice, once', '&#38;amp;', '&amp;'],
  ])('%s', (_, text, expected) => {
    expect(unescapeHtml(text)).toBe(expected);
  });
});
