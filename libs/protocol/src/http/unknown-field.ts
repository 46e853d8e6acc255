import { DomainError, nearest } from '#core';

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
export function unknownField(name: string, { where, known, meant }: FieldNames): DomainError {
  const short = name.slice(0, NAME_CHARS_MAX);
  const likely = meant.get(name) ?? nearest(short.toLowerCase(), known);
  const hint = likely === undefined ? `Known are ${known.join(', ')}.` : `Did you mean "${likely}"?`;
  const start =
    where === '' ? `${JSON.stringify(short)} is not a field here.` : `${where} has no field ${JSON.stringify(short)}.`;
  return new DomainError('invalid_argument', `${start} ${hint}`);
}
