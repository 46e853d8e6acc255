import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestTrace } from './trace.js';

const storage = new AsyncLocalStorage<RequestTrace>();

/**
 * Runs `work` for the request of `trace`: log lines written meanwhile, however deep, name it, and what other libraries
 * trace (the database, outgoing requests) becomes a part of it.
 */
export function withTrace<Answer>(trace: RequestTrace, work: () => Answer): Answer {
  return storage.run(trace, work);
}

/** Returns the trace of the request that is being worked for; undefined outside of one. */
export function currentTrace(): RequestTrace | undefined {
  return storage.getStore();
}
