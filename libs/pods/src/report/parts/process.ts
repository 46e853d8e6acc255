import { z } from 'zod';

/** The process itself. */
export const processPart = z.object({
  /** `starting`, `ready`, `not_ready` or `stopping`. */
  state: z.enum(['starting', 'ready', 'not_ready', 'stopping']),
  /** What it is doing while it starts, or why it is not ready. */
  reason: z.string().nullable(),
  pid: z.number(),
  rssBytes: z.number(),
  /** How late the event loop was at worst since the last report, in milliseconds. */
  eventLoopDelayMsMax: z.number().nullable(),
});

export type ProcessPart = z.output<typeof processPart>;
