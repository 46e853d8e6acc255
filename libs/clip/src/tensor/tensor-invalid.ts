import { DomainError } from '#core';

/** What every fault of an image array is reported as; `what` goes on after "The tensor is not an image:". */
export function tensorInvalid(what: string): DomainError {
  return new DomainError(
    'tensor_invalid',
    `The tensor is not an image: ${what}. Send an array of shape [height, width, 3] with uint8 values from 0 to 255.`,
  );
}
