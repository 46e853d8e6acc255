import { unescapeHtml, unescapeWholeReferences, windows1252 } from './unescape-html.js';

/** Printable ASCII and its white space, without `&`: nothing in it can need mending. */
const PLAIN = /^[\t\n\f\r -%'-~]*$/;
/**
 * Latin ligatures that ftfy takes apart (`ftfy/chardata.py`), and full and half width; NFKC says what they are but for
 * one.
 */
const LIGATURE_OR_WIDTH = /[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ\u3000\uff01-\uffef]/g;
const TERMINAL_ESCAPE = /\x1b\[[\p{Nd};]*[a-zA-Z]/gu;
const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;
/**
 * One pass mends nearly all, and a second sees that nothing is left; what is escaped deeper than this is no one's text.
 */
const PASSES_MAX = 10;

/**
 * A text as CLIP's own Python tokenizer cleans it before anything else (`basic_clean` of `clip_server` and open_clip):
 * `ftfy.fix_text`, then `html.unescape` twice. Curly quotes become straight, `&amp;` an ampersand, ﬁ and Ｆ plain
 * letters; control characters go. Left out are ftfy's repair of text read in the wrong encoding (`cafÃ©` stays), its
 * line breaks, which are white space either way, and trimming.
 *
 * With `end` it mends that much of the text's beginning, as part of the text as a whole.
 */
export function mendText(text: string, end = text.length): string {
  const beginning = text.slice(0, end);
  if (PLAIN.test(beginning)) return beginning;
  const markup = Math.min(end, startOfMarkup(text));
  const mended = fixed(text.slice(0, markup), true) + fixed(text.slice(markup, end), false);
  return unescapeHtml(unescapeHtml(mended));
}

/** ftfy takes everything from the first line with a `<` for HTML, in which references are meant to stay. */
function startOfMarkup(text: string): number {
  const bracket = text.indexOf('<');
  return bracket < 0 ? text.length : text.lastIndexOf('\n', bracket) + 1;
}

/** The order is ftfy's, and so is going on until nothing changes. */
function fixed(text: string, unescapes: boolean): string {
  let current = text;
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const next = windows1252(unescapes ? unescapeWholeReferences(current) : current)
      .replaceAll(LIGATURE_OR_WIDTH, (character) => (character === 'ﬅ' ? 'ſt' : character.normalize('NFKC')))
      .replaceAll(/[\u02bc\u2018-\u201b]/g, "'")
      .replaceAll(/[\u201c-\u201f]/g, '"')
      .toWellFormed()
      .replaceAll(TERMINAL_ESCAPE, '')
      .replaceAll(CONTROL, '')
      .normalize('NFC');
    if (next === current) break;
    current = next;
  }
  return current;
}
