/** A piece of a query with its place in the text, `to` excluded. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A word, or what stood in quotes; `isOpen`: its last quote is missing. */
export interface Word extends Piece {
  readonly isQuoted: boolean;
  readonly isOpen: boolean;
}

/** A term before it is understood. */
export interface RawTerm {
  readonly from: number;
  readonly to: number;
  readonly not: boolean;
  /** What stood before the colon; undefined for a word alone. */
  readonly key: Piece | undefined;
  /** What stood behind it, or the word alone; a list when in parentheses. */
  readonly words: readonly Word[];
  /** Undefined without parentheses. */
  readonly list: { readonly open: number; readonly isClosed: boolean } | undefined;
}

const KEY = /^-?([A-Za-z][A-Za-z0-9.]*):/;

/** Cuts a text into terms at white space outside of quotes and parentheses. Never fails. */
export function scan(text: string): RawTerm[] {
  const terms: RawTerm[] = [];
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const term = scanTerm(text, at);
    terms.push(term);
    at = Math.max(term.to, at + 1);
  }
  return terms;
}

function scanTerm(text: string, from: number): RawTerm {
  const not = text[from] === '-' && from + 1 < text.length && !isSpace(text[from + 1]);
  const start = not ? from + 1 : from;
  const match = KEY.exec(text.slice(from));
  if (!match?.[1]) {
    const word = scanWord(text, start);
    return { from, to: word.to, not, key: undefined, words: [word], list: undefined };
  }
  const key = { from: start, to: start + match[1].length, text: match[1] };
  const at = key.to + 1;
  if (text[at] === '(') return scanList(text, from, at, not, key);
  if (at >= text.length || isSpace(text[at])) return { from, to: at, not, key, words: [], list: undefined };
  const word = scanWord(text, at);
  return { from, to: word.to, not, key, words: [word], list: undefined };
}

function scanList(text: string, from: number, open: number, not: boolean, key: Piece): RawTerm {
  const words: Word[] = [];
  for (let at = skipSpace(text, open + 1); at < text.length; at = skipSpace(text, at)) {
    if (text[at] === ')') return { from, to: at + 1, not, key, words, list: { open, isClosed: true } };
    const word = scanWord(text, at);
    words.push(word);
    at = Math.max(word.to, at + 1);
  }
  return { from, to: text.length, not, key, words, list: { open, isClosed: false } };
}

/** A word ends at white space or a parenthesis; in quotes at the next quote that has no backslash before it. */
function scanWord(text: string, from: number): Word {
  let to = from;
  // A comparison may stand before quotes.
  while (to < text.length && !isSpace(text[to]) && text[to] !== ')' && text[to] !== '"') to += 1;
  if (text[to] !== '"' || to > from) {
    if (to === from) to += 1;
    return { from, to, text: text.slice(from, to), isQuoted: false, isOpen: false };
  }
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && at + 1 < text.length) value += text[(at += 1)];
    else if (text[at] === '"') return { from, to: at + 1, text: value, isQuoted: true, isOpen: false };
    else value += text[at];
  }
  return { from, to: text.length, text: value, isQuoted: true, isOpen: true };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text[at])) at += 1;
  return at;
}

function isSpace(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}
