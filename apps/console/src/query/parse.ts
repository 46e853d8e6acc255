import {
  COMPARISONS,
  fieldOf,
  type Comparison,
  type QueryField,
  type QueryLanguage,
  type QueryTerm,
} from './language.js';
import { scan, type RawTerm, type Word } from './scan.js';
import { parseQuantity } from './quantity.js';

/** Why a part of a query cannot be understood, and what to write. A query with one is not searched for. */
export interface QueryProblem {
  /** The part, `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** A query as it was understood. */
export interface ParsedQuery {
  readonly terms: readonly QueryTerm[];
  /** Nothing of the text is dropped in silence: what is not in `terms` is here. */
  readonly problems: readonly QueryProblem[];
}

/**
 * Reads `key:value`, `-key:value`, `key:(a OR b)`, `key:>50ms`, `"quoted words"` and a word alone, separated by white
 * space. All terms must hold.
 */
export function parseQuery(text: string, language: QueryLanguage): ParsedQuery {
  const terms: QueryTerm[] = [];
  const problems: QueryProblem[] = [];
  for (const raw of scan(text)) {
    const read = readTerm(raw, language);
    if ('message' in read) problems.push(read);
    else terms.push(read);
  }
  return { terms, problems };
}

function readTerm(raw: RawTerm, language: QueryLanguage): QueryTerm | QueryProblem {
  const { key, words, list, not } = raw;
  const open = words.find(({ isOpen }) => isOpen);
  if (open) return problem(open, 'The quote at the end is missing.');
  if (key === undefined) return readFree(raw, language);
  const field = fieldOf(language, key.text);
  if (field === undefined) return unknownKey(key, language);
  if (list !== undefined) {
    if (!list.isClosed) return problem({ from: list.open, to: list.open + 1 }, 'The parenthesis is not closed.');
    return readList(raw, field);
  }
  const [word] = words;
  if (word === undefined) return problem(raw, `A value is missing: write ${field.example}, for example.`);
  return isNumeric(field) ? readNumber(word, field, not) : readText([word], field, not);
}

function readFree({ words, not, from, to }: RawTerm, language: QueryLanguage): QueryTerm | QueryProblem {
  const [word] = words;
  const text = word?.text ?? '';
  if (word?.isQuoted !== true) {
    if (text === 'OR') return problem({ from, to }, 'OR joins values of one key only: model:(a OR b).');
    if (text === 'AND') return problem({ from, to }, 'Leave AND out: all terms must hold anyway.');
    if (/^[()-]/.test(text)) return problem({ from, to }, `"${text}" stands alone. Put what it means in quotes.`);
  }
  if (language.free === undefined || text === '') {
    return problem({ from, to }, `A key is missing: write ${exampleOf(language)}, for example.`);
  }
  return { key: language.free, not, any: [text] };
}

/** Words at even places, OR between them. */
function readList(raw: RawTerm, field: QueryField): QueryTerm | QueryProblem {
  const { words } = raw;
  if (isNumeric(field)) return problem(raw, `${field.key} takes one comparison, no list: ${field.example}.`);
  if (words.length === 0) return problem(raw, 'The parentheses are empty.');
  const values = words.filter((_, at) => at % 2 === 0);
  const wrong = words.find((word, at) => (isOr(word) ? at % 2 === 0 : at % 2 === 1));
  if (wrong) return problem(wrong, isOr(wrong) ? 'A value is missing before OR.' : 'OR is missing before this value.');
  const last = words.at(-1);
  if (last && words.length % 2 === 0) return problem(last, 'A value is missing after OR.');
  return readText(values, field, raw.not);
}

function readText(words: readonly Word[], field: QueryField, not: boolean): QueryTerm | QueryProblem {
  for (const word of words) {
    if (word.text === '') return problem(word, 'The quotes are empty.');
    if (field.choices && !field.choices.includes(word.text)) {
      return problem(word, `${field.key} is one of ${field.choices.join(', ')}.`);
    }
    if (!word.isQuoted && COMPARISONS.some((sign) => word.text.startsWith(sign))) {
      return problem(word, `${field.key} is a text and cannot be compared. Put it in quotes if it begins like this.`);
    }
    if (!word.isQuoted && /[()]/.test(word.text)) return problem(word, 'Put values with parentheses in quotes.');
  }
  return { key: field.key, not, any: [...new Set(words.map(({ text }) => text))] };
}

function readNumber(word: Word, field: QueryField, not: boolean): QueryTerm | QueryProblem {
  const sign = COMPARISONS.find((candidate) => word.text.startsWith(candidate));
  const compare: Comparison = sign ?? '=';
  const value = parseQuantity(word.text.slice(sign?.length ?? 0), field.kind);
  if (value === undefined)
    return problem(word, `This is no ${NOUNS[field.kind]}: write ${field.example}, for example.`);
  if (sign === undefined && field.kind !== 'number') {
    return problem(word, `Say whether more or less: ${field.key}:>${word.text} or ${field.key}:<${word.text}.`);
  }
  return { key: field.key, not, compare, value };
}

const NOUNS = { text: 'text', choice: 'word', number: 'number', duration: 'time', share: 'share' } as const;

function isNumeric({ kind }: QueryField): boolean {
  return kind === 'number' || kind === 'duration' || kind === 'share';
}

function isOr({ text, isQuoted }: Word): boolean {
  return text === 'OR' && !isQuoted;
}

function unknownKey(key: { from: number; to: number; text: string }, language: QueryLanguage): QueryProblem {
  const keys = language.fields.map((field) => field.key).join(', ');
  return problem(key, `There is no key "${key.text}". Keys are ${keys}. Put it in quotes if it is no key.`);
}

function exampleOf({ fields }: QueryLanguage): string {
  return fields[0]?.example ?? 'key:value';
}

function problem({ from, to }: { from: number; to: number }, message: string): QueryProblem {
  return { from, to: Math.max(to, from + 1), message };
}
