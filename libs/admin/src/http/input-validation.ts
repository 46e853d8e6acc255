import { ValidationPipe } from '@nestjs/common';
import { ValidateIf } from 'class-validator';
import { DomainError } from '#core';
import { inPlainWords } from './plain-words.js';

/**
 * Checks bodies and queries against their classes and makes instances of them. It refuses a key that the class does not
 * have, and does not drop it: a misspelled limit or scope must not be lost in silence. No text repeats a value.
 */
export class InputValidation extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      validationError: { target: true, value: true }, // for inPlainWords alone, which repeats no value
      exceptionFactory: (errors) => new DomainError('invalid_argument', inPlainWords(errors)),
    });
  }

  override async transform(...given: Parameters<ValidationPipe['transform']>): Promise<unknown> {
    const [body, { type }] = given;
    // Without it a change of nothing would succeed, since all fields of some bodies may be left out.
    if (type === 'body' && (body === undefined || body === null)) {
      throw new DomainError('invalid_argument', 'The body is missing: send a JSON object with what is asked for.');
    }
    try {
      const value: unknown = await super.transform(...given);
      return value;
    } catch (err) {
      // class-transformer walks a body by recursion: one that is nested a few thousand deep runs out of stack there.
      if (!(err instanceof RangeError)) throw err;
      throw new DomainError('invalid_argument', 'The body is nested too deeply. Send it in the form that /docs shows.');
    }
  }
}

/**
 * The key may be left out. Unlike `IsOptional` it refuses null, which would mean "none" and "as before" at once.
 */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined);
}
