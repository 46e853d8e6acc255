import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError } from '#core';

/**
 * Checks bodies and queries against their classes and makes instances of them. A key that the class does not have is
 * refused, not dropped: a misspelled limit or scope must not be lost in silence. No text repeats a value.
 */
export class InputValidation extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new DomainError('invalid_argument', textsOf(errors).join('; ')),
    });
  }

  override async transform(...given: Parameters<ValidationPipe['transform']>): Promise<unknown> {
    try {
      const value: unknown = await super.transform(...given);
      return value;
    } catch (err) {
      // class-transformer walks a body by recursion: one that is nested a few thousand deep runs out of stack there.
      if (!(err instanceof RangeError)) throw err;
      throw new DomainError('invalid_argument', 'The body is nested too deeply.');
    }
  }
}

/** One text for each key: of several, the last is about its type, and the others follow from that. */
function textsOf(errors: readonly ValidationError[]): string[] {
  return errors.flatMap((error) => [
    ...Object.values(error.constraints ?? {}).slice(-1),
    ...textsOf(error.children ?? []),
  ]);
}
