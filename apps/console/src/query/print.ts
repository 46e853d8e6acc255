import { COMPARISONS, fieldOf, type QueryLanguage, type QueryTerm } from './language.js';
import { printQuantity } from './quantity.js';

/** Writes a query in the one way that `parseQuery` reads as the same terms. */
export function printQuery(terms: readonly QueryTerm[], language: QueryLanguage): string {
  return terms.map((term) => printTerm(term, language)).join(' ');
}

/** Writes one term, such as `-model:"my model"`. */
export function printTerm(term: QueryTerm, language: QueryLanguage): string {
  const sign = term.not ? '-' : '';
  if ('compare' in term) {
    const { key, compare, value } = term;
    const kind = fieldOf(language, key)?.kind ?? 'number';
    return `${sign}${key}:${compare === '=' ? '' : compare}${printQuantity(value, kind)}`;
  }
  const values = term.any.map(quoted);
  if (values.length > 1) return `${sign}${term.key}:(${values.join(' OR ')})`;
  const [value = '""'] = values;
  return term.key === language.free ? `${sign}${freeWord(value)}` : `${sign}${term.key}:${value}`;
}

function quoted(text: string): string {
  const isPlain = text !== '' && !/[\s()"\\]/.test(text) && text !== 'OR' && !startsLikeComparison(text);
  return isPlain ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A word alone must not look like a term with a key. */
function freeWord(word: string): string {
  return word.startsWith('"') || !(word.includes(':') || word.startsWith('-') || word === 'AND') ? word : `"${word}"`;
}

function startsLikeComparison(text: string): boolean {
  return COMPARISONS.some((sign) => text.startsWith(sign));
}
