import type { ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { nearest } from '#core';

/**
 * What is wrong with a body or query, a sentence for each field: its name, and what it must be. The library's own words
 * name its rules ("property note should not exist"); these are for people who call the API. They repeat the names of
 * fields, cut where they are long, and never a value.
 *
 * @param errors with their `target` and `value`; the target's class says what its fields must be
 */
export function inPlainWords(errors: readonly ValidationError[]): string {
  return errors
    .flatMap((error) => sentencesAbout(error, ''))
    .slice(0, SENTENCES_MAX)
    .join(' ');
}

/** More would make a message that nobody reads. */
const SENTENCES_MAX = 5;

/** Longer names are no typing errors. */
const NAME_CHARS_MAX = 40;

function sentencesAbout(error: ValidationError, parent: string): string[] {
  const name = String(error.property).slice(0, NAME_CHARS_MAX);
  // What class-validator calls the property of a list's item is its position.
  const isPosition = /^\d+$/.test(name);
  const path = isPosition ? `${parent}[${name}]` : parent === '' ? name : `${parent}.${name}`;
  const children = (error.children ?? []).flatMap((child) => sentencesAbout(child, path));
  return error.constraints === undefined ? children : [sentenceAbout(error, path, parent), ...children];
}

function sentenceAbout(
  { property, target, value, constraints = {} }: ValidationError,
  path: string,
  parent: string,
): string {
  const rules = target === undefined ? [] : rulesOf(target);
  if ('whitelistValidation' in constraints) return unknownField(property, parent, [...new Set(rules.map(nameOf))]);
  const own = rules.filter((rule) => rule.propertyName === property);
  if (own.length === 0) return `${parent === '' ? 'The request' : path} must be an object.`;
  // Where a rule of ours has a text, it is a whole sentence; those of ValidateNested are the library's.
  const given = own.flatMap(({ name, message }) =>
    name !== undefined && typeof message === 'string' ? message : [],
  )[0];
  if (given !== undefined) return `${given}.`;
  return `${path} must be ${kindOf(own)}${value === undefined ? '; it is missing' : ''}.`;
}

/** What the field was probably meant to be, or all that there are. */
function unknownField(property: string, parent: string, known: readonly string[]): string {
  const short = property.slice(0, NAME_CHARS_MAX);
  const likely = nearest(short, known);
  const hint = likely === undefined ? `Known are ${known.join(', ')}.` : `Did you mean "${likely}"?`;
  return `${parent === '' ? 'The request' : parent} has no field ${JSON.stringify(short)}. ${hint}`;
}

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

function rulesOf(target: object): Rule[] {
  return getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
}

function nameOf({ propertyName }: Rule): string {
  return propertyName;
}

/** `a list of at most 64 texts`, from all rules of one field. */
function kindOf(rules: readonly Rule[]): string {
  const limitOf = (name: string): unknown => rules.find((rule) => rule.name === name)?.constraints[0];
  const has = (name: string) => rules.some((rule) => rule.name === name);
  const isList = has('isArray');
  const one = wordFor(has, limitOf, isList ? 's' : '');
  if (!isList) return one;
  const itemsMax = limitOf('arrayMaxSize');
  return `a list of ${itemsMax === undefined ? '' : `at most ${String(itemsMax)} `}${one}`;
}

function wordFor(has: (name: string) => boolean, limitOf: (name: string) => unknown, plural: string): string {
  if (has('isIn')) return `${plural === '' ? 'one' : 'some'} of ${listed(limitOf('isIn'))}`;
  if (has('isBoolean')) return 'true or false';
  if (has('isIso8601')) return 'a date or time, such as 2026-01-31 or 2026-01-31T09:30:00Z';
  if (has('isInt')) return `${plural === '' ? 'a ' : ''}whole number${plural}${range(limitOf('min'), limitOf('max'))}`;
  if (has('isString')) {
    const charsMax = limitOf('maxLength');
    return `${plural === '' ? 'a ' : ''}text${plural}${charsMax === undefined ? '' : ` of at most ${String(charsMax)} characters`}`;
  }
  return plural === '' ? 'an object' : 'objects';
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}

/** The largest integer that JSON carries exactly is no limit that a caller should hear of. */
function range(min: unknown, max: unknown): string {
  const highest = max === Number.MAX_SAFE_INTEGER ? undefined : max;
  if (min !== undefined && highest !== undefined) return ` from ${String(min)} to ${String(highest)}`;
  if (min !== undefined) return `, ${String(min)} or more`;
  return highest === undefined ? '' : `, ${String(highest)} or less`;
}
