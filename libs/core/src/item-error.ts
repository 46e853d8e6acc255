import { DomainError } from './domain-error.js';

/** The error of one item where it fails its whole request: the same error, in a text that says which item it was. */
export class ItemError extends DomainError {
  constructor(error: DomainError, publicText: string) {
    super(error.code, publicText, {
      cause: error,
      ...(error.internal === undefined ? {} : { internal: error.internal }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    });
  }
}
