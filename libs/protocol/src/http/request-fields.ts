import { DomainError, nearest } from '#core';
import type { JsonOutline } from '../codec/index.js';
import { isRecord } from '../codec/json/json-fields.js';
import type { ForeignField } from './foreign-fields.js';

/** What a route knows of its body. */
export interface RequestForm extends Omit<FieldNames, 'where'> {
  readonly foreign: ReadonlyMap<string, ForeignField>;
}

/**
 * The fields of a request's body. null counts as left out. Throws `invalid_argument` for a body that is no object, for
 * a field that nobody knows, and for one of another server's that asks for something else than this one gives.
 */
export class RequestFields {
  /** What was ignored and why, a sentence each, for the answer. */
  readonly warnings: readonly string[];
  private readonly fields: Record<string, unknown>;

  constructor(body: unknown, form: RequestForm) {
    if (!isRecord(body))
      throw invalid('The body is not a JSON object: send {"…": …} with the content type application/json.');
    this.fields = body;
    this.warnings = Object.keys(body).flatMap((name) => {
      const value = body[name];
      if (value === null || form.known.includes(name)) return [];
      const foreign = form.foreign.get(name);
      if (!foreign) throw unknownField(name, { ...form, where: '' });
      return judged(name, value, foreign);
    });
  }

  /** The value; undefined where it is null or left out. */
  get(name: string): unknown {
    return this.fields[name] ?? undefined;
  }

  /** Which of several names for the same has a value. Throws when two have different ones. */
  nameOf(first: string, ...others: string[]): string {
    const [found = first, other] = [first, ...others].filter((name) => this.get(name) !== undefined);
    if (other === undefined || this.get(found) === this.get(other)) return found;
    throw invalid(`${found} and ${other} mean the same and have different values: leave one of them out.`);
  }

  /** A name; undefined where it is empty, too. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw invalid(`${name} must be a string.`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.get(name) ?? false;
    if (typeof value !== 'boolean') throw invalid(`${name} must be true or false.`);
    return value;
  }

  /** A whole number from 1. */
  count(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value > 0)) return value;
    throw invalid(`${name} must be a whole number from 1.`);
  }

  /** A whole number of a range; its `default` where nothing is given. */
  within(name: string, range: { readonly min: number; readonly max: number; readonly default: number }): number {
    const value = this.get(name) ?? range.default;
    if (typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max) return value;
    throw invalid(`${name} must be a whole number from ${range.min} to ${range.max}.`);
  }

  /** One of a few words; the first where nothing is given. */
  choice<const Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.get(name) ?? words[0];
    const word = words.find((known) => known === value);
    if (word !== undefined) return word;
    throw invalid(`${name} must be ${words.map((known) => JSON.stringify(known)).join(' or ')}.`);
  }
}

/**
 * The fields of a body, for RequestFields. None that it reads is a list or an object, so these are there as empty ones
 * and never built, however large they are. So are those that hold `items`, which ItemList reads.
 */
export function plainFields(body: JsonOutline, items: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(body.names(), (name) => [name, items.includes(name) ? [] : plainField(body, name)]),
  );
}

function plainField(body: JsonOutline, name: string): unknown {
  const kind = body.span(name)?.kind;
  if (kind === 'list') return [];
  return kind === 'object' ? {} : (body.value(name, [name]) ?? null);
}

function judged(name: string, value: unknown, { harmless, ignored, refused }: ForeignField): string[] {
  if (harmless?.some((good) => sameWord(good, value)) === true) return [];
  if (refused !== undefined) throw invalid(`${name} is not offered: ${refused} Leave "${name}" out.`);
  return ignored === undefined ? [] : [`${name}: ${ignored}`];
}

function sameWord(one: unknown, other: unknown): boolean {
  return (
    one === other || (typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase())
  );
}

function invalid(text: string): DomainError {
  return new DomainError('invalid_argument', text);
}

/** Which fields an object may have, and what others were probably meant to be. */
export interface FieldNames {
  /** Where the object stands, e.g. `input[3]`; empty for the body itself. */
  readonly where: string;
  readonly known: readonly string[];
  /** Other names by the known one that they mean. */
  readonly meant: ReadonlyMap<string, string>;
}

/** Throws `invalid_argument` for a field that has a value and is not known, with the one that was probably meant. */
export function refuseUnknown(object: Record<string, unknown>, names: FieldNames): void {
  for (const name of Object.keys(object)) {
    if (names.known.includes(name) || object[name] === null) continue;
    throw unknownField(name, names);
  }
}

/** Longer names are no typing errors, and comparing them would cost. */
const NAME_CHARS_MAX = 40;

/** The refusal of one field; the name is the caller's own and cut where it is long. */
function unknownField(name: string, { where, known, meant }: FieldNames): DomainError {
  const short = name.slice(0, NAME_CHARS_MAX);
  const likely = meant.get(name) ?? nearest(short.toLowerCase(), known);
  const hint = likely === undefined ? `Known are ${known.join(', ')}.` : `Did you mean "${likely}"?`;
  const start =
    where === '' ? `${JSON.stringify(short)} is not a field here.` : `${where} has no field ${JSON.stringify(short)}.`;
  return new DomainError('invalid_argument', `${start} ${hint}`);
}
