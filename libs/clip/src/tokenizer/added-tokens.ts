import { type Fields, fieldsOf } from '../files/json-fields.js';
import type { Normalizer } from './normalizers.js';
import { WHITE_SPACE, WORD } from './rust-pattern.js';
import type { TokenModel } from './token-model.js';

/** A section of a text: an added token, or text for the model. `start` is its place in the text. */
export type Section = { readonly id: number } | { readonly text: string; readonly start: number };

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly isSingleWord: boolean;
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
  readonly isNormalized: boolean;
}

const ENDS_WITH_WORD = new RegExp(`[${WORD}]$`, 'u');
const STARTS_WITH_WORD = new RegExp(`^[${WORD}]`, 'u');
const BLANKS_AT_START = new RegExp(`^${WHITE_SPACE}*`, 'u');
const BLANK_AT_END = new RegExp(`${WHITE_SPACE}$`, 'u');

/**
 * Finds the `added_tokens` of a `tokenizer.json` in a text, before or after it is normalized, and keeps them from the
 * model. Like Rust's `tokenizer/added_vocabulary.rs` it takes the leftmost token, and of these the longest.
 *
 * @example
 * added.split('a <mask> b'); // [{ text: 'a ', start: 0 }, { id: 103 }, { text: ' b', start: 8 }]
 */
export class AddedTokens {
  private readonly raw: TokenFinder;
  private readonly normalized: TokenFinder;
  private readonly ids = new Map<string, number>();

  constructor(
    list: unknown,
    model: Pick<TokenModel, 'vocabulary' | 'size'>,
    private readonly normalize: Normalizer,
  ) {
    const tokens = (Array.isArray(list) ? list : []).map(fieldsOf).flatMap((fields) => this.tokenOf(fields, model));
    this.raw = new TokenFinder(tokens.filter(({ isNormalized }) => !isNormalized));
    this.normalized = new TokenFinder(
      tokens
        .filter(({ isNormalized }) => isNormalized)
        .map((token) => ({ ...token, content: normalize(token.content) })),
    );
  }

  /** Returns the id of an added token. */
  idOf(content: string): number | undefined {
    return this.ids.get(content);
  }

  /** Splits a text into sections and normalizes them. A `start` of 0 is the beginning of the text. */
  split(text: string): Section[] {
    return this.raw.split(text).flatMap((section) => {
      if ('id' in section) return [section];
      const inner = this.normalized.split(this.normalize(section.text));
      return inner.map((part) => ('id' in part ? part : { ...part, start: section.start + part.start }));
    });
  }

  /** As in Rust, the id is the vocabulary's or the next free one, and not the id in the file. */
  private tokenOf(fields: Fields, { vocabulary, size }: Pick<TokenModel, 'vocabulary' | 'size'>): AddedToken[] {
    const { content, single_word, lstrip, rstrip, normalized, special } = fields;
    if (typeof content !== 'string' || content === '') return [];
    const last = Math.max(-1, ...this.ids.values());
    const id = vocabulary.get(content) ?? this.ids.get(content) ?? Math.max(last + 1, size);
    this.ids.set(content, id);
    const flags = { isSingleWord: single_word === true, stripsLeft: lstrip === true, stripsRight: rstrip === true };
    return [{ id, content, ...flags, isNormalized: normalized === undefined ? special !== true : normalized === true }];
  }
}

class TokenFinder {
  private readonly byContent: ReadonlyMap<string, AddedToken>;
  private readonly pattern: RegExp;

  constructor(tokens: readonly AddedToken[]) {
    const named = tokens.filter(({ content }) => content !== '');
    this.byContent = new Map(named.map((token) => [token.content, token]));
    const longestFirst = [...this.byContent.keys()].sort((a, b) => b.length - a.length);
    const alternatives = longestFirst.map((content) => content.replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&'));
    this.pattern = new RegExp(alternatives.join('|') || '(?!)', 'gu');
  }

  split(text: string): Section[] {
    const sections: Section[] = [];
    let end = 0;
    for (const match of text.matchAll(this.pattern)) {
      const token = this.byContent.get(match[0]);
      if (!token) continue;
      const stop = match.index + match[0].length;
      const isInWord =
        ENDS_WITH_WORD.test(text.slice(Math.max(0, match.index - 2), match.index)) ||
        STARTS_WITH_WORD.test(text.slice(stop, stop + 2));
      if (token.isSingleWord && isInWord) continue;
      const from = token.stripsLeft ? withoutBlanksAtEnd(text, end, match.index) : match.index;
      if (from > end) sections.push({ text: text.slice(end, from), start: end });
      sections.push({ id: token.id });
      end = token.stripsRight ? stop + (BLANKS_AT_START.exec(text.slice(stop))?.[0].length ?? 0) : stop;
    }
    if (end < text.length) sections.push({ text: text.slice(end), start: end });
    return sections;
  }
}

function withoutBlanksAtEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && BLANK_AT_END.test(text.charAt(at - 1))) at -= 1;
  return at;
}
