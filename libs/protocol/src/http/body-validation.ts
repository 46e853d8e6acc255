import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { DomainError } from '#core';

/**
 * Checks bodies against their classes; every fault is `invalid_argument`, keys that the class does not have are dropped.
 * class-transformer walks a body by recursion, so one that is nested a few thousand deep runs out of stack there: that is
 * the caller's fault and not an unforeseen one.
 */
export class BodyValidation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      exceptionFactory: (errors) => {
        const texts = errors.flatMap((error) => Object.values(error.constraints ?? {}));
        return new DomainError('invalid_argument', texts.join('; '));
      },
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (err) {
      if (!(err instanceof RangeError)) throw err;
      throw new DomainError('invalid_argument', 'The body is nested too deeply. Send a flat list of items.');
    }
  }
}
