import type { Priority } from '#core';

/** The Python client opens a stream even for a single text, so a stream alone says nothing. */
const INTERACTIVE_MESSAGES_MAX = 32;

/**
 * How the requests of one stream stand in the queue: the first few as those of somebody who waits, the rest of a long one as bulk
 * work, which lets callers who wait for an answer go ahead.
 */
export class StreamPriority {
  private messages = 0;

  /** The priority of the next request. */
  next(): Priority {
    this.messages += 1;
    return this.messages > INTERACTIVE_MESSAGES_MAX ? 'bulk' : 'interactive';
  }
}
