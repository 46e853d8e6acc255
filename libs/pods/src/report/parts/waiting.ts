import { z } from 'zod';

const count = z.number();

const waitOf = z.object({
  principalId: z.string(),
  /** What waits at the moment of the report, over all models. */
  items: count,
  requests: count,
  oldestAgeMs: count,
  /** The oldest that was seen waiting in each of `minutes`; null where nothing was. */
  longestMs: z.array(count.nullable()),
});

/** Whose work waits in the queues of a pod, and whose did in the last minutes, looked at with every report. */
export const waitingPart = z.object({
  /** Starts of the minutes that were looked at, in milliseconds since 1970; the oldest first. */
  minutes: z.array(count),
  /** Those with the longest wait of all these minutes first. */
  byPrincipal: z.array(waitOf),
});

export type WaitingPart = z.output<typeof waitingPart>;
