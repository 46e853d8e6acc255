import { unescapeHtml, unescapeWholeReferences, windows1252 } from './unescape-html.js';

/** Printable ASCII and its white space, without `&`: such a text needs no mending. */
const PLAIN = /^[\t\n\f\r -%'-~]*$/;
/**
 * Ligatures and full and half width forms, which ftfy takes apart (`ftfy/chardata.py`), all but one of them by NFKC.
 */
const LIGATURE_OR_WIDTH = /[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ\u3000\uff01-\uffef]/g;
const TERMINAL_ESCAPE = /\x1b\[[\p{Nd};]*[a-zA-Z]/gu;
const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;
/** One pass mends nearly every text, and a second one finds nothing more. Nobody escapes a text this often. */
const PASSES_MAX = 10;

/**
 * Cleans a text as CLIP's own Python tokenizer does first (`basic_clean` of `clip_server` and open_clip):
 * `ftfy.fix_text`, then `html.unescape` twice. Curly quotes become straight, `&amp;` becomes an ampersand, ﬁ and Ｆ
 * become plain letters, and control characters go. It leaves out ftfy's repair of text in the wrong encoding (`cafÃ©`
 * stays), its line breaks, which are white space either way, and trimming.
 *
 * With `end` it mends only the beginning of the text, but as a part of the whole text.
 *
 * @example
 * mendText('“ﬁne” &amp; dandy'); // '"fine" & dandy'
 */
export function mendText(text: string, end = text.length): string {
  const beginning = text.slice(0, end);
  if (PLAIN.test(beginning)) return beginning;
  const markup = Math.min(end, startOfMarkup(text));
  const mended = fixed(text.slice(0, markup), true) + fixed(text.slice(markup, end), false);
  return unescapeHtml(unescapeHtml(mended));
}

/** ftfy treats everything from the first line with a `<` as HTML, in which references stay. */
function startOfMarkup(text: string): number {
  const bracket = text.indexOf('<');
  return bracket < 0 ? text.length : text.lastIndexOf('\n', bracket) + 1;
}

/** Repeats ftfy's steps, in ftfy's order, until nothing changes. */
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
