import { DomainError, ItemError } from '#core';

/** The one word for how a request ended that failed with `thrown`: `item_failed`, or the code of the error. */
export function outcomeOf(thrown: unknown): string {
  return thrown instanceof ItemError ? 'item_failed' : DomainError.from(thrown).code;
}
