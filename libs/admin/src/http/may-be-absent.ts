import { ValidateIf } from 'class-validator';

/** The key may be left out. Unlike `IsOptional` this lets no null through, which would mean "none" and "as before" at once. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined);
}
