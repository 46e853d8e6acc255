import type { Call } from './call.js';

/**
 * One thing that every request passes. It does its part, calls `next` with the same call for what comes after it (not at all to refuse,
 * several times to try again), and may look at what comes back.
 *
 * @example
 * const refuseAtNight: Step = (call, next) => (isNight() ? Promise.reject(closed()) : next(call));
 */
export type Step = <Answer>(call: Call, next: Next<Answer>) => Promise<Answer>;

/** The rest of the way to the answer. */
export type Next<Answer> = (call: Call) => Promise<Answer>;
